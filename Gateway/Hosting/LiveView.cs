namespace Gateway.Hosting;

internal sealed record LiveView(string Status);
