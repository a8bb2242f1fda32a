"""The data set as a whole: four tables of accounts poured into an empty world."""

from sales_agent.sandbox.seeding.seed_calendar import seed_calendar
from sales_agent.sandbox.seeding.seed_crm import seed_crm
from sales_agent.sandbox.seeding.seed_drive import seed_drive
from sales_agent.sandbox.seeding.seed_mail import seed_mail
from sales_agent.sandbox.world import World


def seed(world: World) -> None:
    seed_crm(world)
    seed_mail(world)
    seed_drive(world)
    seed_calendar(world)
