namespace Gateway.Hosting;

internal sealed record ChecksView(string Database, string Litellm);
