using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>A rate limit to be made.</summary>
[Example("""{"tier_id":"{tier_id}","requests_per_minute":60,"tokens_per_day":1000000,"max_concurrent":4}""")]
internal sealed record NewRateLimit : RateLimitUpdate, IScoped, IValidatableObject
{
    [StringLength(36)]
    [Description("Each user of this tier.")]
    public string? TierId { get; init; }

    [StringLength(36)]
    public string? UserId { get; init; }

    [StringLength(64)]
    public string? TeamId { get; init; }

    [StringLength(36)]
    public string? ApiKeyId { get; init; }

    [StringLength(36)]
    [Description("Only calls of this model.")]
    public string? ModelId { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        this.ToTarget() is null
            ? [new MemberFault("tier_id", "required", "is required, or one of user_id, team_id, api_key_id")]
            : this.ScopeFaults(tierNeedsModel: false);
}
