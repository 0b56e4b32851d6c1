using System.ComponentModel;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>Which sessions end.</summary>
[Example("{}")]
internal sealed record SignOut : TokenRefresh
{
    [Description("True ends all sessions of the user.")]
    public Optional<bool> All { get; init; }
}
