namespace Gateway.Hosting;

internal sealed record RootView(string Message, string Version, string Docs);
