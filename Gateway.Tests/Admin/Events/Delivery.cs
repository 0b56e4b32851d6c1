namespace Gateway.Tests.Admin.Events;

internal sealed record Delivery(string EventId, string Signature, byte[] Body);
