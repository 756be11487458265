export var ZoneLevel;
(function (ZoneLevel) {
    ZoneLevel[ZoneLevel["Centre"] = 0] = "Centre";
    ZoneLevel[ZoneLevel["City"] = 1] = "City";
    ZoneLevel[ZoneLevel["Outskirts"] = 2] = "Outskirts";
})(ZoneLevel || (ZoneLevel = {}));
const BASE_CENTS = {
    [ZoneLevel.Centre]: 390,
    [ZoneLevel.City]: 490,
    [ZoneLevel.Outskirts]: 690,
};
export function priceOf({ grams, express }, level) {
    const base = BASE_CENTS[level] + Math.ceil(grams / 500) * 45;
    return express ? Math.round(base * 1.6) : base;
}
//# sourceMappingURL=tariff.js.map