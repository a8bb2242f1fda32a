"""Rows of the controls."""

import datetime as dt
from uuid import UUID

from sales_agent.controls.models import FeatureFlag, KillSwitch, SettingChange, Suppression, TenantSetting
from sales_agent.kit.ids import new_id


def make_kill_switch(tenant_id: UUID, **changes: object) -> KillSwitch:
    stopped_at = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    return KillSwitch(**{"tenant_id": tenant_id, "id": tenant_id, "stopped_at": stopped_at, **changes})


def make_setting(tenant_id: UUID, **changes: object) -> TenantSetting:
    values = {"key": "seller_name", "value": {"value": "Mara Lindqvist"}, "changed_by": "operator"}
    return TenantSetting(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_feature_flag(tenant_id: UUID, **changes: object) -> FeatureFlag:
    values = {"name": "offer_files", "enabled": False, "changed_by": "operator"}
    return FeatureFlag(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_setting_change(tenant_id: UUID, **changes: object) -> SettingChange:
    values = {"key": "seller_name", "after": {"value": "Mara Lindqvist"}, "changed_by": "operator", "reason": "new"}
    return SettingChange(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})


def make_suppression(tenant_id: UUID, **changes: object) -> Suppression:
    values = {"address_digest": "d" * 64, "reason": "opt_out", "source": "reply"}
    return Suppression(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
