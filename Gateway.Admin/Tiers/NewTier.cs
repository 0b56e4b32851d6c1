using Gateway.Admin.Requests;

namespace Gateway.Admin.Tiers;

/// <summary>A tier to be made.</summary>
[RequiresMembers(nameof(Name))]
[Example("""{"name":"Teams","description":"For teams","price":25}""")]
internal sealed record NewTier : TierUpdate;
