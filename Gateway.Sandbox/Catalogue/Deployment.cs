using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;
using Microsoft.Extensions.Primitives;

namespace Gateway.Sandbox.Catalogue;

/// <summary>
/// A model ready to answer: its scenario, its prices by token class, and the texts that stand in every answer. Immutable.
/// </summary>
internal sealed class Deployment
{
    public Deployment(SandboxModel model, Scenario scenario)
    {
        Model = model;
        Scenario = model.FixedUsage is { } usage ? scenario with { FixedUsage = usage } : scenario;
        Prices = PriceList.From(model.Prices);
        NameJson = [.. "\""u8, .. JsonText.Escape(model.Name), .. "\""u8];
        GroupHeader = HeaderText(model.Name);
        IdHeader = HeaderText(model.Id);
        UpstreamHeader = HeaderText(model.UpstreamName);
    }

    public SandboxModel Model { get; }

    public Scenario Scenario { get; }

    public PriceList Prices { get; }

    public bool IsAnthropic => Model.Provider == "anthropic";

    /// <summary>The name as a JSON string, quotes included.</summary>
    public byte[] NameJson { get; }

    public StringValues GroupHeader { get; }

    public StringValues IdHeader { get; }

    public StringValues UpstreamHeader { get; }

    // Header values are ASCII; names that are not (a test may make them) are shown escaped.
    private static StringValues HeaderText(string text) => text.All(char.IsAscii) ? text : Uri.EscapeDataString(text);
}
