using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.Admin.Support;

/// <summary>A sum as a test has it: with ids, for which <see cref="AdminHub.WriteAsync"/> finds numbers; empty stands for none.</summary>
public sealed record PastSum(UsageRollup Sum, string UserId, string ApiKeyId, string ModelId, string TeamId, string TierId);
