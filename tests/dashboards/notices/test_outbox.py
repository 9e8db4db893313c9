from dashboards.notices.matter import Matter, Sort
from dashboards.notices.outbox import Outbox

MATTER = Matter(Sort.NOTICES, "persistent", "left_calf", "persistent/left_calf/2026-11-22/began", 0.0, "", "me")


def test_without_a_channel_a_matter_is_told_and_nobody_is_written_to(tmp_path):
    outbox = Outbox(tmp_path / "notify.db", "me")
    outbox.hand_over(MATTER, [], 1.0, "")
    assert [told.key for told in outbox.told()] == [MATTER.key]
    assert outbox.letters() == []
    outbox.close()


def test_a_second_time_changes_nothing(tmp_path):
    outbox = Outbox(tmp_path / "notify.db", "me")
    for now_s in (1.0, 2.0):
        outbox.hand_over(MATTER, ["phone", "mail"], now_s, "")
    assert sorted(letter.channel for letter in outbox.letters()) == ["mail", "phone"]
    outbox.close()
