"""Answers about what was said: faults, notes and notices, in plain Python."""

from aquiver.store.point import moment_of


def faults(told, asked, scope):
    mine = [one for one in told.faults if one.wearer == scope.wearer and scope.covers(moment_of(one) / 1e9)]
    rows = [
        (
            *(moment_of(one), one.link, one.kind, one.subject, one.reporter, one.site, one.is_open),
            *(None if one.until_s is None else one.until_s - one.since_s, one.reason),
        )
        for one in mine
    ]
    return {(): sorted(rows, key=lambda row: -row[0])[:200]} if rows else {}


def notes(told, asked, scope):
    mine = [one for one in told.notes if one.wearer == scope.wearer and not one.is_removed and scope.covers(one.time_s)]
    return {(): sorted((moment_of(one), one.subject, one.amount, one.night) for one in mine)} if mine else {}


def notices(told, asked, scope):
    mine = [one for one in told.judgements[scope.wearer].notices if scope.covers(moment_of(one) / 1e9)]
    return {(): sorted((moment_of(one), one.kind, one.site, one.state) for one in mine)} if mine else {}
