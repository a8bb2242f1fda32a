"""Doors to the providers: ports by trade (mail, crm, files, calendar, llm), one implementation each, one transport."""
