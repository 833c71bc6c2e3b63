"""Russian behind the interfaces of the English parts: extraction, questions, wording, verification.

`kg.languages` picks it by the show's language; nothing here is imported for a show in English.
"""
