"""Doors to the providers: ports by trade (mail, crm, files, calendar, llm), one implementation of each, one transport."""
