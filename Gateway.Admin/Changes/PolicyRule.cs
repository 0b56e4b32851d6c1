using Gateway.Admin.Conventions;
using Gateway.Core.Policy;
using Gateway.Core.Storage;

namespace Gateway.Admin.Changes;

/// <summary>
/// The rule for <see cref="Change.CommitAsync"/> of changes of the catalogue: what would not compile would never come into force. Better
/// told now than found in a log.
/// </summary>
internal static class PolicyRule
{
    /// <summary>Compiles the policy as the change leaves it; every fault is named.</summary>
    public static Func<HubDbContext, Task<ApiError?>> Compiles(CancellationToken cancellationToken) =>
        async db =>
            PolicyCompiler.TryCompile(await PolicyRefresher.ReadRowsAsync(db, cancellationToken), out _, out var faults)
                ? null
                : ApiError.Validation([.. faults.Select(fault => new InvalidMember("policy", "policy", fault))]);
}
