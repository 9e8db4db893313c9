"""The body: where a band can be worn, and which region that is."""

from enum import StrEnum


class Region(StrEnum):
    """A clinical region. Spread is counted in regions, shown in sites.

    Source: the four regions of the Awaji and Gold Coast criteria.
    """

    BULBAR = "bulbar"
    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBOSACRAL = "lumbosacral"


class Reach(StrEnum):
    """How far from the trunk a site lies: a property of the site, shown beside it and never judged."""

    AXIAL = "axial"
    PROXIMAL = "proximal"
    DISTAL = "distal"


class Site(StrEnum):
    """A place a band is worn. A closed list: it catches typing errors and gives spread its map."""

    FACE = "face"
    NECK = "neck"
    TRUNK = "trunk"
    LEFT_UPPER_ARM = "left_upper_arm"
    RIGHT_UPPER_ARM = "right_upper_arm"
    LEFT_FOREARM = "left_forearm"
    RIGHT_FOREARM = "right_forearm"
    LEFT_HAND = "left_hand"
    RIGHT_HAND = "right_hand"
    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    LEFT_CALF = "left_calf"
    RIGHT_CALF = "right_calf"
    LEFT_FOOT = "left_foot"
    RIGHT_FOOT = "right_foot"

    @property
    def region(self) -> Region:
        """Name the region this site belongs to."""
        return _REGION[self._part]

    @property
    def reach(self) -> Reach:
        """Tell how far from the trunk this site lies.

        >>> Site.LEFT_CALF.reach, Site.LEFT_THIGH.reach, Site.FACE.reach
        (<Reach.DISTAL: 'distal'>, <Reach.PROXIMAL: 'proximal'>, <Reach.AXIAL: 'axial'>)
        """
        return _REACH.get(self._part, Reach.AXIAL)

    @property
    def words(self) -> str:
        """Name the site as a person says it.

        >>> Site.LEFT_CALF.words
        'left calf'
        """
        return self.value.replace("_", " ")

    @property
    def _part(self) -> str:
        return self.value.removeprefix("left_").removeprefix("right_")


_REGION = {
    "face": Region.BULBAR,
    "neck": Region.CERVICAL,
    "upper_arm": Region.CERVICAL,
    "forearm": Region.CERVICAL,
    "hand": Region.CERVICAL,
    "trunk": Region.THORACIC,
    "thigh": Region.LUMBOSACRAL,
    "calf": Region.LUMBOSACRAL,
    "foot": Region.LUMBOSACRAL,
}
_REACH = {
    "upper_arm": Reach.PROXIMAL,
    "forearm": Reach.DISTAL,
    "hand": Reach.DISTAL,
    "thigh": Reach.PROXIMAL,
    "calf": Reach.DISTAL,
    "foot": Reach.DISTAL,
}
