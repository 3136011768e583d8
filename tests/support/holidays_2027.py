"""An invented notice for 2027, so that a year that is not announced yet can be confirmed in tests."""

import json
from datetime import date

OFF = {
    "元旦": ["01-01", "01-02", "01-03"],
    "春节": [f"02-{day:02}" for day in range(5, 13)],
    "清明节": ["04-03", "04-04", "04-05"],
    "劳动节": [f"05-{day:02}" for day in range(1, 6)],
    "端午节": ["06-09"],
    "中秋节": ["09-15"],
    "国庆节": [f"10-{day:02}" for day in range(1, 8)],
}
MADE_UP = {"元旦": ["01-09"], "春节": ["02-20"], "劳动节": ["05-08"], "国庆节": ["09-26", "10-09"]}
TEXT = """2027年部分节假日安排
一、元旦:1月1日(周五)至3日(周日)放假,共3天。1月9日(周六)上班。
二、春节:2月5日(周五)至12日(周五)放假调休,共8天。2月20日(周六)上班。
三、清明节:4月3日(周六)至5日(周一)放假,共3天。
四、劳动节:5月1日(周六)至5日(周三)放假调休,共5天。5月8日(周六)上班。
五、端午节:6月9日(周三)放假1天,不调休。
六、中秋节:9月15日(周三)放假1天。
七、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。
"""
FIRST_OF_MAY = date(2027, 5, 1)


def holiday_cn() -> bytes:
    """Give the same as a file of holiday-cn."""
    days = [
        {"name": name, "date": f"2027-{day}", "isOffDay": off}
        for off, table in ((True, OFF), (False, MADE_UP))
        for name, dates in table.items()
        for day in dates
    ]
    return json.dumps({"year": 2027, "papers": [], "days": days}, ensure_ascii=False).encode()


NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕7号
各省、自治区、直辖市人民政府,国务院各部委、各直属机构:
经国务院批准,现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦:1月1日(周五)至4日(周一)放假调休,共4天。1月16日(周六)上班。
二、春节:2月5日(农历除夕、周五)至14日(农历正月初九、周日)放假调休,共10天。1月30日(周六)、2月20日(周六)上班。
三、清明节:4月3日(周六)至5日(周一)放假,共3天。
四、劳动节:5月1日(周六)至5日(周三)放假调休,共5天。5月8日(周六)上班。
五、端午节:6月9日(周三)放假,共1天。
六、中秋节:9月15日(周三)放假,共1天。
七、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。
节假日期间,各地区、各部门要妥善安排好值班和安全、保卫等工作,遇有重大突发事件,要按规定及时报告并妥善处置。
国务院办公厅
2026年12月29日
"""
"""Another one, complete as they are sent: thirteen statutory days where the law has them, and one day made up for each moved."""
