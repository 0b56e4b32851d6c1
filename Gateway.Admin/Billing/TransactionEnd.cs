using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>How a pending transaction ends.</summary>
[Example("""{"status":"completed"}""")]
internal sealed record TransactionEnd
{
    [OneOf(TransactionStatuses.Completed, TransactionStatuses.Failed, TransactionStatuses.Cancelled)]
    public Optional<string> Status { get; init; }
}
