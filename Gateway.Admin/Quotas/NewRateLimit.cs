using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>A rate limit to be made.</summary>
[Example("""{"tier_id":"{tier_id}","requests_per_minute":60,"tokens_per_day":1000000,"max_concurrent":4}""")]
internal sealed record NewRateLimit : RateLimitUpdate
{
    public override IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        Target is null
            ? [new MemberFault("tier_id", "required", "is required, or one of user_id, team_id, api_key_id")]
            : base.Validate(context);
}
