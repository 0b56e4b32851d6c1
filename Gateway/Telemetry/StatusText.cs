using System.Globalization;

namespace Gateway.Telemetry;

/// <summary>Small numbers as label values that exist already.</summary>
internal static class StatusText
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 600).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int number) => (uint)number < (uint)Texts.Length ? Texts[number] : GatewayMetrics.Other;
}
