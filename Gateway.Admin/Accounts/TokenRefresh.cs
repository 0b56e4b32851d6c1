using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>The session that is meant.</summary>
[Example("{}")]
internal record TokenRefresh
{
    [StringLength(int.MaxValue, MinimumLength = 1), DataType(DataType.Password)]
    [Description("The token of the Authorization header counts when it is not sent.")]
    public Optional<string> RefreshToken { get; init; }
}
