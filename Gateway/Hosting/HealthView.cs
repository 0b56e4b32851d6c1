namespace Gateway.Hosting;

internal sealed record HealthView(string Status, string Service, string Version, ChecksView Checks);
