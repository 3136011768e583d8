"""What the pages call channels, their fields and what became of attempts."""

from flask_babel import gettext as _


def kinds() -> dict[str, str]:
    """Give the names of the kinds of channels, in the order they are offered."""
    return {
        "email": _("邮件"),
        "wecom": _("企业微信群机器人"),
        "dingtalk": _("钉钉群机器人"),
        "webhook": _("签名回调"),
        "sms": _("短信"),
        "apprise": _("其他(Apprise)"),
        "console": _("打印在日志里"),
    }


def purposes() -> dict[str, str]:
    """Give what each kind is for, in a sentence."""
    return {
        "email": _("发到每个人自己的邮箱,经机构的邮件服务器。"),
        "wecom": _("发到一个群里,按手机号提醒到人。"),
        "dingtalk": _("发到一个群里,按手机号提醒到人;调用带签名。"),
        "webhook": _("推给别的系统,对方凭签名确认是这里发的。"),
        "sms": _("发到手机,经短信网关;文字由报备过的模板决定。"),
        "apprise": _("经 Apprise 发到其他服务;对方自己的回答看不到。"),
        "console": _("不发出去,只写在 worker 的日志里,试用时看。"),
    }


def fields() -> dict[str, str]:
    """Give the labels of all fields, by name and, where one name means different things, by kind."""
    return {
        "server": _("邮件服务器"),
        "port": _("端口"),
        "security": _("加密"),
        "sender": _("发件地址"),
        "sender_name": _("发件人名称"),
        "user": _("登录名"),
        "password": _("密码"),
        "ca": _("自己的根证书"),
        "key": _("机器人的 key"),
        "endpoint": _("接口地址"),
        "access_token": _("机器人的 access_token"),
        "sign_secret": _("加签密钥"),
        "url": _("网址"),
        "apprise.url": _("Apprise 地址"),
        "secret": _("签名密钥"),
        "gateway": _("短信网关"),
        "access_key_id": _("AccessKey ID"),
        "access_key_secret": _("AccessKey Secret"),
        "sign_name": _("短信签名"),
        "hook_secret": _("回执签名密钥"),
        "template": _("模板代码"),
        "title_variable": _("写标题的变量"),
        "link_variable": _("写链接的变量"),
    }


def helps() -> dict[str, str]:
    """Give what stands below a field."""
    return {
        "server": _("只写主机名,如 smtp.example.cn。"),
        "sender": _("收件人看到的地址,邮件服务器要允许用它发信。"),
        "user": _("不用登录就空着。"),
        "hook_secret": _("短信公司回报“手机收到没有”时用它签名,回报到本站的 /hooks/通道代码;没有回报就空着。"),
        "ca": _("对方用机构自己签发的证书时,把根证书(PEM)贴在这里;平常空着。"),
        "key": _("可以把机器人的整个 Webhook 地址贴进来。"),
        "access_token": _("可以把机器人的整个 Webhook 地址贴进来。"),
        "sign_secret": _("机器人的安全设置要选“加签”,把 SEC 开头的那串贴进来。"),
        "endpoint": _("平常不用改。"),
        "secret": _("whsec_ 开头,或至少 24 个字符的随机文字;双方各存一份。"),
        "title_variable": _("模板里 ${title} 这样的变量名;放通知的标题,至多 35 个字。"),
        "link_variable": _("模板里有放链接的变量才填。"),
        "apprise.url": _("如 ntfys://主机/主题;企业微信、钉钉、飞书请用上面的专门通道。"),
    }


def options() -> dict[str, str]:
    """Give the names of the values a field may have."""
    return {
        "tls": _("TLS(常用端口 465)"),
        "starttls": _("STARTTLS(常用端口 587)"),
        "none": _("不加密(只限内网、不登录)"),
        "aliyun": _("阿里云短信"),
    }


def outcomes() -> dict[str, str]:
    """Give the names of what became of an attempt."""
    return {
        "delivered": _("对方收下"),
        "rejected": _("对方拒收"),
        "retry": _("没送到,再试"),
        "unknown": _("没有回音"),
        "confirmed": _("确认送达"),
        "undelivered": _("没有送到"),
    }
