using System.ComponentModel;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>Whether a user of a free tier may call.</summary>
[Example("""{"approved":true}""")]
internal sealed record Approval
{
    [Description("False rejects the user. True when it is not sent.")]
    public Optional<bool> Approved { get; init; }
}
