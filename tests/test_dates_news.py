"""Dates of news prose: composed sentences, read with a document date of Wednesday, 19 October 2011.

The expression stands between bars; its TIMEX3 type and value follow the TimeML annotation guidelines 1.2.1
(Saurí et al. 2006), and where those leave a choice the reading of WikiWars.
"""

import pytest
from test_dates import cells, find_marked

from sco_notes.dates import find_dates

WRITTEN = "2011-10-19"

NEWS = """
The ministers met |Monday| in the capital. | DATE | 2011-10-17
The report, published on |Friday|, found no fault. | DATE | 2011-10-14
The port reopened |Wednesday|. | DATE | 2011-10-19
The two sides will resume talks on |Friday|. | DATE | 2011-10-21
The council is expected to vote |Thursday|. | DATE | 2011-10-20
The bank said |Tuesday| that it will close two branches. | DATE | 2011-10-18
On |Saturday|, the railway will carry its first passengers. | DATE | 2011-10-22
The office stays closed until |Friday|. | DATE | 2011-10-21
The ferry sank |last Tuesday|. | DATE | 2011-10-18
It reopens |next Monday|. | DATE | 2011-10-24
The court sits again |this Friday|. | DATE | 2011-10-21
The mine was shut |Monday morning|. | TIME | 2011-10-17TMO
The rain began |Tuesday night|. | TIME | 2011-10-18TNI
The envoy arrived |this morning|. | TIME | 2011-10-19TMO
They spoke |last night|. | TIME | 2011-10-18TNI
They speak |tonight|. | TIME | 2011-10-19TNI
The envoy left |yesterday|. | DATE | 2011-10-18
The envoy left |yesterday afternoon|. | TIME | 2011-10-18TAF
The envoy leaves |tomorrow|. | DATE | 2011-10-20
The envoy leaves |tomorrow morning|. | TIME | 2011-10-20TMO
The envoy speaks |today|. | DATE | 2011-10-19
The siren sounded at |8 p.m.| and again later. | TIME | 2011-10-19T20:00
The talks start at |9:30 a.m. EST|. | TIME | 2011-10-19T09:30
They closed it at |noon|. | TIME | 2011-10-19T12:00
The board said on Monday that output in |November| fell. | DATE | 2010-11
The board said on Monday that it will meet in |March|. | DATE | 2012-03
Prices rose |this week|. | DATE | 2011-W42
Prices rose |last week|. | DATE | 2011-W41
The fair opens |next week|. | DATE | 2011-W43
Thousands marched over |the weekend|. | DATE | 2011-W41-WE
Thousands marched |last weekend|. | DATE | 2011-W41-WE
The team plays |this weekend|. | DATE | 2011-W42-WE
Sales fell |this month|. | DATE | 2011-10
Sales fell |last month|. | DATE | 2011-09
The ban begins |next month|. | DATE | 2011-11
The bill passed |earlier this month|. | DATE | 2011-10
The bill is due |later this month|. | DATE | 2011-10
The bill passed |late last month|. | DATE | 2011-09
The bill passed |earlier this year|. | DATE | 2011
The law was changed |last year|. | DATE | 2010
The law will be changed |next year|. | DATE | 2012
The fund is closed |this year|. | DATE | 2011
The treaty was signed in |September|. | DATE | 2011-09
The treaty was signed in |November|. | DATE | 2010-11
The treaty will be signed in |November|. | DATE | 2011-11
The treaty will be signed in |February|. | DATE | 2012-02
The treaty was signed |last December|. | DATE | 2010-12
The strike ended on |Sept. 30|. | DATE | 2011-09-30
The firm held little cash as of |Sept. 30|. | DATE | 2011-09-30
The strike began |Aug. 2|, unions said. | DATE | 2011-08-02
The vote is scheduled for |Nov. 8|. | DATE | 2011-11-08
The vote took place on |Nov. 8, 2010|. | DATE | 2010-11-08
In |November|, a mill shut after a flood. | DATE | 2010-11
The quake struck at |8 p.m. (0200 GMT) Monday|, guards said. | TIME | 2011-10-17T20:00
It pays interest |every quarter|. | SET | P1Q
Sales fell in |the past two quarters|. | DURATION | P2Q
It told of sales for |the full year|. | DATE | 2011
It told of sales in |the latest fiscal year|. | DATE | 2010
Its third-quarter profit rose; for |the quarter a year ago|, it told of a loss. | DATE | 2010-Q3
The trial opened on |Jan. 23|. | DATE | 2011-01-23
The trial opened on |Tuesday, Jan. 18|. | DATE | 2011-01-18
The rule applies from |Dec. 1, 2012|. | DATE | 2012-12-01
The company lost money in |the third quarter|. | DATE | 2011-Q3
Its profit grew in |the first quarter|. | DATE | 2011-Q1
Its profit will grow in |the fourth quarter|. | DATE | 2011-Q4
It earned more in |the second quarter of 2010|. | DATE | 2010-Q2
It earned more in |the first half of the year|. | DATE | 2011-H1
Orders fell |last quarter|. | DATE | 2011-Q3
Orders will rise |next quarter|. | DATE | 2012-Q1
Orders fell |this quarter|. | DATE | 2011-Q4
The firm had twice that |a year earlier|. | DATE | 2010
The firm had twice that |a year ago|. | DATE | 2010
The firm had twice that |two years ago|. | DATE | 2009
The quake struck |three days ago|. | DATE | 2011-10-16
The merger failed |six months ago|. | DATE | 2011-04
The merger failed |two weeks ago|. | DATE | 2011-W40
The village was built |a decade ago|. | DATE | 2001
The town was built |decades ago|. | DATE | PAST_REF
The town was built |several years ago|. | DATE | PAST_REF
It could be ready |a few weeks from now|. | DATE | FUTURE_REF
He was found |two hours later|. | TIME | FUTURE_REF
|Minutes later|, the roof fell. | TIME | FUTURE_REF
The talks are |now| stalled. | DATE | PRESENT_REF
She |currently| chairs the board. | DATE | PRESENT_REF
The |current| rate is low. | DATE | PRESENT_REF
The price has |recently| risen. | DATE | PAST_REF
A |recent| poll found the same. | DATE | PAST_REF
He worries about |the future|. | DATE | FUTURE_REF
He did so in |the past|. | DATE | PAST_REF
She was elected in |2008|. | DATE | 2008
The deficit for |fiscal 2013| is lower. | DATE | 2013
The deficit in |fiscal year 2010| was higher. | DATE | 2010
They grew up in |the 1980s|. | DATE | 198
They grew up in |the early '80s|. | DATE | 198
By |the end of the year|, it will be gone. | DATE | 2011
By |the end of this year|, it will be gone. | DATE | 2011
By |the end of the month|, it will be gone. | DATE | 2011-10
At |the beginning of next year| it starts. | DATE | 2012
It starts in |early 2012|. | DATE | 2012
It starts in |mid-November|, he will say. | DATE | 2011-11
It broke in |the spring|. | DATE | 2011-SP
It broke |last summer|. | DATE | 2011-SU
It broke |last winter|. | DATE | 2010-WI
It will be mended |next spring|. | DATE | 2012-SP
The board met on 3 May 2011; on |the same day|, it chose a chair. | DATE | 2011-05-03
The board met on 3 May 2011; |the next day|, it chose a chair. | DATE | 2011-05-04
The board met on 3 May 2011; |two days later|, it chose a chair. | DATE | 2011-05-05
The board met in 2007; |the following year|, it was dissolved. | DATE | 2008
The board met in 2007; |that year|, it was dissolved. | DATE | 2007
He was jailed for |two years|. | DURATION | P2Y
He has been away for |more than a decade|. | DURATION | P1DE
The storm lasted |three days|. | DURATION | P3D
She waited |ten minutes|. | DURATION | PT10M
She waited |half an hour|. | DURATION | PT0.5H
She waited for |hours|. | DURATION | PTXH
It has run for |decades|. | DURATION | PXDE
It took |several years|. | DURATION | PXY
It took |a few weeks|. | DURATION | PXW
It took |a day|. | DURATION | P1D
They agreed on a |five-year| plan. | DURATION | P5Y
They agreed on a |12-month| lease. | DURATION | P12M
Output rose over |the past three months|. | DURATION | P3M
Output rose over |the last two years|. | DURATION | P2Y
Output will rise over |the next five years|. | DURATION | P5Y
Output rose over |the past decade|. | DURATION | P1DE
It took |nearly four months|. | DURATION | P4M
It took |about six weeks|. | DURATION | P6W
The paper appears |daily|. | SET | P1D
The |weekly| count is out. | SET | P1W
The club meets |every day|. | SET | P1D
The club meets |every Tuesday|. | SET | XXXX-WXX-2
The club meets |every year|. | SET | P1Y
The club meets |each month|. | SET | P1M
The envoy arrives at |10:30 a.m. Friday|, as he will say. | TIME | 2011-10-21T10:30
He spoke |Tuesday| at noon. | DATE | 2011-10-18
The envoy left |the day before yesterday|. | DATE | 2011-10-17
Prices have doubled in |recent years|. | DURATION | PXY
The |year-ago| figure was lower. | DATE | 2010
He ruled for |two and a half years|. | DURATION | P2.5Y
It rained |all day|. | DURATION | P1D
The market opens on |Saturdays|. | SET | XXXX-WXX-6
The show closes |the coming weekend|. | DATE | 2011-W42-WE
The deadline is |Nov. 15|. | DATE | 2011-11-15
It ran through |Oct. 30|. | DATE | 2011-10-30
It fell in |the quarter|. | DATE | 2011-Q4
The mill told of a |third-quarter| loss. | DATE | 2011-Q3
It will report its results for |the third quarter|. | DATE | 2011-Q3
Its third-quarter profit rose; |the year-ago quarter| was weak. | DATE | 2010-Q3
Its third-quarter profit rose from a loss |a year earlier|. | DATE | 2010-Q3
Its second-quarter profit rose; it sold a mine in |the quarter|. | DATE | 2011-Q2
Its second-quarter profit rose; |the latest period| holds a gain. | DATE | 2011-Q2
It lost more in |last year's third quarter|. | DATE | 2010-Q3
It lost more in |the 2009 fourth quarter|. | DATE | 2009-Q4
The club invited them to a fair on |Nov. 12|. | DATE | 2011-11-12
Its owners plan to close the mill after the |Sept. 30| flood. | DATE | 2011-09-30
She may arrive as soon as |Friday|. | DATE | 2011-10-21
The board on |Monday| issued a note that it will meet. | DATE | 2011-10-17
They planned a march on |Saturday|. | DATE | 2011-10-22
The firm, founded 20 years ago, told of its |third-quarter| loss. | DATE | 2011-Q3
The siren sounded at |8 p.m.| on Saturday. | TIME | 2011-10-15T20:00
The fair opens |Saturday|. | DATE | 2011-10-22
Output rose from |January|'s low. | DATE | 2011-01
In |April| and May of last year it rained. | DATE | 2010-04
They leave on |Thanksgiving Day|. | DATE | 2011-11-24
It falls due at |year's end|. | DATE | 2011
Snow fell |overnight|. | TIME | 2011-10-19TNI
"""

NO_DATES = """
The Sunday Times and the Daily News wrote of it.
He scored in the second half and again in the third period.
The second minute and the first second were the best.
He may march on, and they may fall again.
Shares rose 1.5 percent to 2011.43 points.
It ranked third of 1500 firms and paid $2012 a head.
USA Today was there.
A third quarter of the shares was sold.
A ten-year-old lorry broke down beside a 44-year-old driver.
The years-long talks went on.
The quarterly figures and the annual report are out.
"""


@pytest.mark.parametrize(("text", "kind", "value"), cells(NEWS))
def test_news(text, kind, value):
    row = find_marked(text, WRITTEN)
    assert (row["type"], row["value"]) == (kind, value)


@pytest.mark.parametrize("text", NO_DATES.strip().splitlines())
def test_no_dates_in_news(text):
    assert find_dates(text, reference=WRITTEN)["text"].tolist() == []
