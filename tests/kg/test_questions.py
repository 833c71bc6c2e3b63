"""What a message asks. One line a question: persona, message, the asks as `relation subject object form[:slot][!past]`.

`-` is an empty object, `nothing` small talk, `unknown` an ask that no relation covers. Everything as of S08E24.
"""

import pytest

from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.types import Ask
from parsing.manifest import Show

IDS = {
    "ross": "ross_geller",
    "monica": "monica_geller",
    "rachel": "rachel_green",
    "joey": "joey_tribbiani",
    "chandler": "chandler_bing",
    "phoebe": "phoebe_buffay",
    "carol": "carol_willick",
    "judy": "judy_geller",
    "jack": "jack_geller",
    "ben": "ben_geller",
    "susan": "susan_bunch",
    "ny": "new_york",
    "museum": "natural_history_museum",
}

QUESTIONS = """
ross     | Who is your sister?                                   | sibling ross - wh
ross     | who's your sister                                     | sibling ross - wh
ross     | WHO IS YOUR SISTER?                                   | sibling ross - wh
ross     | What is your sister's name?                           | sibling ross - wh
ross     | What's the name of your sister?                       | sibling ross - wh
ross     | Hey Ross, who is your sister?                         | sibling ross - wh
ross     | Any allergies I should know of?                       | allergic_to ross - polar
ross     | Is it fun being a dentist?                            | job ross =dentist presupposed:manner
monica   | is it hard to raise a daughter all by yourself?       | parent_of monica - presupposed:manner
ross     | what sort of work are you in nowadays                 | job ross - wh
chandler | so what did you two name the twins?                   | parent_of chandler - wh
rachel   | Which fashion company do you work for?                | works_at rachel - wh
rachel   | Is there anything on a playground you're afraid of?   | afraid_of rachel - wh
rachel   | what does your middle initial stand for               | full_name rachel - wh
joey     | And pets, you guys have any pets?                     | has_pet joey - polar
rachel   | In which city did you marry Ross?                     | spouse rachel ross presupposed:place
ross     | Can you tell me who your sister is?                   | sibling ross - wh
ross     | So, do you have any brothers or sisters?              | sibling ross - polar
ross     | Do you have a sister named Monica?                    | sibling ross monica polar
ross     | How many sisters do you have?                         | sibling ross - wh:count
ross     | Is Monica your sister?                                | sibling ross monica polar
ross     | Isn't Monica your sister?                             | sibling ross monica polar
ross     | Monica is your sister, right?                         | sibling ross monica polar
ross     | Is it true that Monica is your sister?                | sibling ross monica polar
ross     | Are you Monica's brother?                             | sibling monica ross polar
ross     | Are you and Monica siblings?                          | sibling ross monica polar
ross     | Are you related to Monica?                            | sibling ross monica polar
joey     | Is Monica your sister?                                | sibling joey monica polar
joey     | Are Ross and Monica brother and sister?               | sibling ross monica polar
monica   | Is your brother Ross?                                 | sibling monica ross polar
monica   | Who is your brother?                                  | sibling monica - wh
monica   | Tell me about your brother.                           | sibling monica - wh
monica   | Who is your mother?                                   | child_of monica - wh
monica   | what are your parents called?                         | child_of monica - wh
monica   | Who's your dad?                                       | child_of monica - wh
monica   | Is Judy your mom?                                     | child_of monica judy polar
ross     | Do you have any kids?                                 | parent_of ross - polar
ross     | have you got any children?                            | parent_of ross - polar
ross     | Do you have a son?                                    | parent_of ross - polar
ross     | What's your son's name?                               | parent_of ross - wh
ross     | How many children do you have?                        | parent_of ross - wh:count
ross     | Are you a father?                                     | parent_of ross - polar
rachel   | Is Emma your daughter?                                | parent_of rachel emma polar
joey     | Who is Ben's father?                                  | child_of ben - wh
joey     | Who are Emma's parents?                               | child_of emma - wh
joey     | Who is the father of Emma?                            | child_of emma - wh
monica   | Who is your husband?                                  | spouse monica - wh
monica   | Who are you married to?                               | spouse monica - wh
monica   | Are you married?                                      | spouse monica - polar
monica   | are u married                                         | spouse monica - polar
monica   | Are you married to Chandler?                          | spouse monica chandler polar
monica   | Did you marry Chandler?                               | spouse monica chandler polar
monica   | You're married to Chandler, aren't you?               | spouse monica chandler polar
monica   | When did you marry Chandler?                          | spouse monica chandler presupposed:time
monica   | Why did you marry Chandler?                           | spouse monica chandler presupposed:reason
chandler | where did you marry Monica                            | spouse chandler monica presupposed:place
monica   | When did you get married?                             | spouse monica - presupposed:time
monica   | How is your husband Chandler?                         | spouse monica chandler presupposed
joey     | How's your wife?                                      | spouse joey - presupposed
joey     | Does your wife like sandwiches?                       | spouse joey - presupposed
joey     | Who's Ross's ex-wife?                                 | spouse ross - wh!past
joey     | Who was Ross's first wife?                            | spouse ross - wh
joey     | Who did Ross marry?                                   | spouse ross - wh
joey     | Who is married to Monica?                             | spouse monica - wh
joey     | Who is Monica married to?                             | spouse monica - wh
joey     | Are Monica and Chandler married?                      | spouse monica chandler polar
joey     | Is Chandler Monica's husband?                         | spouse monica chandler polar
ross     | Have you ever been married?                           | spouse ross - polar
ross     | Are you divorced?                                     | spouse ross - polar!past
ross     | When did you get divorced?                            | spouse ross - presupposed:time!past
ross     | Are you divorced from Carol?                          | spouse ross carol polar!past
joey     | Are you single?                                       | spouse joey - wh
rachel   | Who were you engaged to?                              | engaged_to rachel - wh
rachel   | Are you engaged?                                      | engaged_to rachel - polar
joey     | Do you have a girlfriend?                             | dating joey - polar
ross     | Are you dating Rachel?                                | dating ross rachel polar
ross     | Are you and Rachel together?                          | dating ross rachel polar
phoebe   | Who are you seeing?                                   | dating phoebe - wh
ross     | When did you break up with Rachel?                    | event:breakup ross rachel presupposed:time
ross     | Why did you and Rachel break up?                      | event:breakup ross rachel presupposed:reason
joey     | Who kissed Rachel?                                    | event:kiss - rachel wh:subject
joey     | Who did Ross kiss?                                    | event:kiss ross - wh
ross     | Did you kiss Rachel?                                  | event:kiss ross rachel polar
monica   | What do you do for a living?                          | job monica - wh
monica   | What's your job?                                      | job monica - wh
monica   | what do you do for work                               | job monica - wh
monica   | What do you do?                                       | job monica - wh
monica   | Are you a chef?                                       | job monica =chef polar
monica   | Do you work as a doctor?                              | job monica =doctor polar
joey     | What does Ross do for a living?                       | job ross - wh
joey     | What's Ross's job?                                    | job ross - wh
ross     | Where do you work?                                    | works_at ross - wh
ross     | Which museum do you work at?                          | works_at ross - wh
rachel   | Do you work at Ralph Lauren?                          | works_at rachel ralph_lauren polar
joey     | Who do you live with?                                 | roommate joey - wh
joey     | Is Chandler your roommate?                            | roommate joey chandler polar
joey     | Do you live with Chandler?                            | roommate joey chandler polar
ross     | Where do you live?                                    | lives_in ross - wh
ross     | What city do you live in?                             | lives_in ross - wh
ross     | Do you live in London?                                | lives_in ross london polar
joey     | Who lives in New York?                                | lives_in - ny wh:subject
monica   | How old are you?                                      | age monica - wh
ross     | When is your birthday?                                | birthday ross - wh
ross     | When were you born?                                   | birthday ross - wh
ross     | What are you allergic to?                             | allergic_to ross - wh
ross     | Are you allergic to kiwi?                             | allergic_to ross =kiwi polar
ross     | Are you allergic to anything?                         | allergic_to ross - polar
monica   | Are you married to anybody?                           | spouse monica - polar
joey     | How long have you been a doctor?                      | job joey =doctor presupposed:time
ross     | Do you have a pet?                                    | has_pet ross - polar
joey     | What do you like?                                     | likes joey - wh
joey     | Do you like sandwiches?                               | likes joey =sandwiches polar
chandler | What is your full name?                               | full_name chandler - wh
chandler | What's your middle name?                              | full_name chandler - wh
joey     | Who are you?                                          | full_name joey - wh
joey     | Where are you from?                                   | origin joey - wh
ross     | Where did you go to college?                          | studied_at ross - wh
joey     | Who is your best friend?                              | friend joey - wh
joey     | Who is Janice?                                        | about janice - wh
joey     | Tell me about Monica.                                 | about monica - wh
ross     | Where does your sister work?                          | works_at monica - wh; sibling ross - presupposed
ross     | Where does your sister's husband work?                | works_at chandler - wh; spouse monica - presupposed
ross     | What does your sister do for a living?                | job monica - wh; sibling ross - presupposed
ross     | Who is your sister's husband?                         | spouse monica - wh
chandler | Who is your mother-in-law?                            | child_in_law_of chandler - wh
ross     | Who is your brother-in-law?                           | sibling_in_law ross - wh
monica   | Who is your nephew?                                   | uncle_aunt_of monica - wh
joey     | Where does your wife work?                            | spouse joey - presupposed
joey     | Is Monica married? Who is her husband?                | spouse monica - polar; spouse monica - wh
monica   | Who is your brother and what does he do?              | sibling monica - wh; job ross - wh
ross     | What is your mother's blood type?                     | unknown
joey     | What's your favourite opera?                           | unknown
joey     | What is your favorite color, Joey?                    | unknown
joey     | Who plays Joey?                                       | unknown
joey     | Who directed the pilot?                               | unknown
joey     | Who is Zelda?                                         | about =Zelda - wh
joey     | What is your phone number?                            | unknown
joey     | How tall are you?                                     | unknown
joey     | Did you marry Zelda?                                  | spouse joey =Zelda polar
joey     | Hey Joey!                                             | nothing
joey     | How are you doing?                                    | nothing
joey     | How you doin'?                                        | nothing
joey     | What's up?                                            | nothing
joey     | Good morning!                                         | nothing
joey     | I love you.                                           | nothing
joey     | That's so funny, Joey.                                | nothing
joey     | What are you doing tonight?                           | nothing
joey     | What do you think about love?                         | likes joey =love polar
joey     | How was your day?                                     | nothing
joey     | Thanks!                                               | nothing
joey     | Can you help me?                                      | nothing
joey     | Let's get some coffee.                                | nothing
joey     | Will you come with me?                                | nothing
joey     | Where are you?                                        | nothing
joey     | What's new with you?                                  | nothing
joey     | Do you know who Monica's husband is?                  | spouse monica - wh
monica   | Are you still working as a chef?                      | job monica =chef polar
joey     | Does Monica have any siblings?                        | sibling monica - polar
joey     | Has Ross ever been divorced?                          | spouse ross - polar!past
rachel   | Who is your daughter's father?                        | child_of emma - wh
rachel   | Who's the father of your baby?                        | child_of emma - wh
joey     | What is Chandler's last name?                         | full_name chandler - wh
ross     | Which university did you go to?                       | studied_at ross - wh
joey     | Did Ross and Rachel break up?                         | event:breakup ross rachel polar
joey     | Who broke up with Ross?                               | event:breakup - ross wh:subject
chandler | Are you and Monica still together?                    | dating chandler monica polar
chandler | When did you and Monica start dating?                 | dating chandler monica presupposed:time
chandler | When did you and Monica get married?                  | spouse chandler monica presupposed:time
chandler | How did you meet Monica?                              | event:meeting chandler monica presupposed:manner
chandler | What's it like being married to Monica?               | spouse chandler monica presupposed:manner
joey     | I heard you got married. Congratulations!             | spouse joey - presupposed
joey     | How was your wedding?                                 | spouse joey - presupposed
ross     | How are things with your wife?                        | spouse ross - presupposed
ross     | Is your wife here?                                    | spouse ross - presupposed
ross     | Do you miss your ex-wife?                             | spouse ross - presupposed!past
monica   | Does your brother have kids?                          | parent_of ross - polar; sibling monica - presupposed
monica   | What's your brother's job?                            | job ross - wh
monica   | Is your brother a doctor?                             | job ross =doctor polar; sibling monica - presupposed
joey     | Is Ross a doctor?                                     | job ross =doctor polar
rachel   | Do you still work at Central Perk?                    | works_at rachel central_perk polar
rachel   | Where did you work before Ralph Lauren?               | works_at rachel - wh!past
rachel   | Were you a waitress?                                  | job rachel =waitress polar
rachel   | What was your first job?                              | job rachel - wh
joey     | Who are your friends?                                 | friend joey - wh
joey     | Are you friends with Chandler?                        | friend joey chandler polar
phoebe   | Do you have a twin sister?                            | twin phoebe - polar
phoebe   | Who's your twin?                                      | twin phoebe - wh
joey     | And your sister?                                      | sibling joey - wh
joey     | What about your parents?                              | child_of joey - wh
joey     | Is Ben Ross's son?                                    | parent_of ross ben polar
joey     | Who's Ross' son?                                      | parent_of ross - wh
joey     | Does Ross have a son called Ben?                      | parent_of ross ben polar
joey     | Whose son is Ben?                                     | child_of ben - wh
joey     | Who works at the museum?                              | works_at - natural_history_museum wh:subject
monica   | How old is your brother?                              | age ross - wh; sibling monica - presupposed
monica   | When's Ross's birthday?                               | birthday ross - wh
ross     | In which city do you live?                            | lives_in ross - wh
ross     | where'd you grow up                                   | origin ross - wh
joey     | Have you been to London?                              | visited joey london polar
joey     | Did you ever go to London?                            | visited joey london polar
joey     | Have you ever kissed Rachel?                          | event:kiss joey rachel polar
joey     | Did Rachel kiss Ross?                                 | event:kiss rachel ross polar
joey     | When did Ross propose to Rachel?                      | event:proposal ross rachel presupposed:time
joey     | Who did Rachel have a baby with?                      | parent_of rachel - wh
joey     | When did you first meet Chandler?                     | event:meeting joey chandler presupposed:time
joey     | Do you know Janice?                                   | about janice - wh
chandler | What is your real name?                               | full_name chandler - wh
joey     | What's Monica's full name?                            | full_name monica - wh
chandler | Is your middle name Muriel?                           | full_name chandler =Muriel polar
joey     | What's your favourite sandwich?                       | unknown
joey     | What's Monica's phone number?                         | unknown
joey     | What car does Ross drive?                             | unknown
joey     | What did Ross give Rachel for her birthday?           | unknown
joey     | Who won the Super Bowl in 1995?                       | unknown
joey     | Do you believe in love?                               | nothing
joey     | Is it raining?                                        | nothing
joey     | Are you hungry?                                       | nothing
joey     | Do you want a sandwich?                               | nothing
joey     | What should I do about my boyfriend?                  | nothing
joey     | My sister is getting married!                         | nothing
joey     | I have a question.                                    | nothing
joey     | Tell me a joke.                                       | nothing
joey     | Tell me something about yourself.                     | nothing
joey     | Why are you sad?                                      | nothing
joey     | How is Monica?                                        | nothing
joey     | Is Monica okay?                                       | nothing
joey     | What do you think of Ross?                            | likes joey ross polar
joey     | Say hi to Monica for me.                              | nothing
joey     | Will you marry me?                                    | nothing
joey     | Nice to meet you, Joey.                               | nothing
monica   | Have you and Chandler been married long?              | spouse monica chandler polar
monica   | How long have you been married?                       | spouse monica - presupposed:time
monica   | Do you and Ross have the same parents?                | nothing
monica   | Do you work in a restaurant?                          | nothing
joey     | What is it that Monica does for a living?             | job monica - wh
joey     | What kind of work do you do?                          | job joey - wh
joey     | What kind of job does Ross have?                      | job ross - wh
joey     | What does Monica work as?                             | job monica - wh
joey     | Does Ross work as a chef?                             | job ross =chef polar
ross     | Do you teach at a university?                         | nothing
ross     | What happened to your marriage with Carol?            | spouse ross carol presupposed
ross     | Why did your marriage end?                            | spouse ross - presupposed
ross     | Is Carol still your wife?                             | spouse ross carol polar
ross     | Is Ben your only child?                               | parent_of ross ben polar
ross     | What did you name your daughter?                      | parent_of ross - wh
ross     | How is your daughter Emma doing?                      | parent_of ross emma presupposed
ross     | Do you remember your wedding with Monica?             | spouse ross monica presupposed
rachel   | Who is the father of your daughter?                   | child_of emma - wh
rachel   | When was Emma born?                                   | birthday emma - wh
rachel   | When did you have Emma?                               | unknown
rachel   | Do you have a baby?                                   | parent_of rachel - polar
rachel   | Were you ever engaged to Barry?                       | engaged_to rachel barry_farber polar
rachel   | Do you still live with Monica?                        | roommate rachel monica polar
rachel   | Where did you use to work?                            | works_at rachel - wh
rachel   | Tell me, where do you work now?                       | works_at rachel - wh
chandler | So I hear you're married to Monica now?               | spouse chandler monica polar
chandler | How did you propose to Monica?                        | event:proposal chandler monica presupposed:manner
chandler | How does it feel to be married?                       | spouse chandler - presupposed:manner
chandler | Your roommate is Joey, right?                         | roommate chandler joey polar
chandler | Who shares the apartment with you?                    | roommate chandler - wh
chandler | Do you and Joey live together?                        | roommate chandler joey polar
phoebe   | Do you have any siblings?                             | sibling phoebe - polar
phoebe   | Is Ursula your twin?                                  | twin phoebe ursula_buffay polar
phoebe   | What's the name of your twin sister?                  | twin phoebe - wh
phoebe   | Do you have family?                                   | nothing
phoebe   | Who are you dating right now?                         | dating phoebe - wh
phoebe   | Are you seeing anyone?                                | dating phoebe - polar
joey     | Did Ross ever get married to Rachel?                  | spouse ross rachel polar
joey     | Are Ross and Rachel still together?                   | dating ross rachel polar
joey     | Who was Rachel engaged to?                            | engaged_to rachel - wh
joey     | Who is Chandler in love with?                         | dating chandler - wh
joey     | Who's Monica's best friend?                           | friend monica - wh
joey     | How many kids does Ross have?                         | parent_of ross - wh:count
joey     | whats your job                                        | job joey - wh
joey     | ur job?                                               | job joey - wh
joey     | you got a sister?                                     | sibling joey - polar
joey     | who u living with                                     | roommate joey - wh
joey     | Is it true you're an actor?                           | job joey =actor polar
joey     | You're an actor, right?                               | job joey =actor polar
joey     | Do you act for a living?                              | nothing
joey     | What's your opinion on marriage?                      | nothing
joey     | Could you introduce me to your sister?                | sibling joey - presupposed
joey     | Should I call my mom?                                 | nothing
joey     | Want to grab a pizza?                                 | nothing
joey     | What would you do if you won the lottery?             | nothing
joey     | Who is your favorite actor?                           | unknown
joey     | Do you want to get married someday?                   | nothing
joey     | Would you ever marry Janice?                          | nothing
joey     | What will happen between Ross and Rachel?             | unknown
joey     | Who ends up with Rachel?                              | unknown
chandler | How's Monica, your wife?                              | spouse chandler monica presupposed
joey     | How many times has Ross been married?                 | spouse ross - presupposed:count
joey     | Will you ever get married?                            | spouse joey - polar
ross     | Could you tell me the name of your ex-wife?           | spouse ross - wh!past
ross     | What does your dad do?                                | job jack - wh; child_of ross - presupposed
ross     | What was the name of your monkey?                     | has_pet ross - wh
monica   | What made you marry Ross?                             | spouse monica ross presupposed:reason
monica   | When did you and Chandler tie the knot?               | spouse monica chandler presupposed:time
monica   | Is your dad's name Jack?                              | child_of monica jack polar
rachel   | Were you and Ross ever a couple?                      | dating rachel ross polar
joey     | Is Ross Emma's dad?                                   | child_of emma ross polar
joey     | hey joey do you have any siblings                     | sibling joey - polar
joey     | joey whats ross's job                                 | job ross - wh
joey     | tell me who monica married                            | spouse monica - wh
joey     | Did you know that Monica is married to Chandler?      | spouse monica chandler polar
joey     | What do you usually eat for breakfast?                | nothing
joey     | Guess what! I got a new job!                          | nothing
joey     | 😂😂😂                                                  | nothing
"""

CASES = [tuple(part.strip() for part in line.split("|")) for line in QUESTIONS.strip().splitlines()]


def named(text: str) -> str:
    return text[1:] if text.startswith("=") else IDS.get(text, text)


def expected(text: str) -> list[tuple]:
    rows = []
    for part in text.split(";"):
        relation, subject, object_, form = part.split()
        past = form.endswith("!past")
        form, _, slot = form.removesuffix("!past").partition(":")
        relation, _, kind = relation.partition(":")
        subject = "" if subject == "-" else named(subject)
        rows.append((relation, kind, subject, None if object_ == "-" else named(object_), form, slot or "object", past))
    return rows


def seen(asks: tuple[Ask, ...]) -> list[tuple]:
    """Asks as `expected` writes them."""
    return [
        (a.relation, a.kind if a.relation == "event" else "", a.subject, a.object, a.form, a.asked, a.past)
        for a in asks
    ]


@pytest.fixture(scope="module")
def late(graph: Graph) -> Graph:
    return graph.at("S08E24")


@pytest.fixture(scope="module")
def linker(late: Graph, show: Show) -> Linker:
    return Linker(late, show)


def asks_of(message: str, persona: str, linker: Linker, history: tuple = ()) -> tuple[Ask, ...]:
    mentions = linker.link(message, IDS[persona], history)
    return understand(message, mentions, IDS[persona], linker.graph)


@pytest.mark.parametrize(("persona", "message", "asks"), CASES, ids=[c[1][:50] for c in CASES])
def test_a_question_is_understood(persona: str, message: str, asks: str, linker: Linker):
    found = asks_of(message, persona, linker)
    if asks == "nothing":
        assert found == ()
    elif asks == "unknown":
        assert [a.relation for a in found] == [""]
    else:
        assert seen(found) == expected(asks)
