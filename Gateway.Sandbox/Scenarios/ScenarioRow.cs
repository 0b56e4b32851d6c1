namespace Gateway.Sandbox.Scenarios;

/// <summary>One family of scenarios: a name with up to two numbers in it.</summary>
/// <param name="Pattern">The model name; <c>{}</c> stands for a number without sign.</param>
/// <param name="Common">The numbers under which the family appears in the catalogue, as they stand in the name.</param>
/// <param name="Build">Makes the scenario from the numbers.</param>
internal sealed record ScenarioRow(string Pattern, string[] Common, Func<int[], SandboxOptions, Scenario> Build)
{
    public IEnumerable<string> CatalogueNames => Common.Length == 0 ? [Pattern] : Common.Select(Fill);

    private string Fill(string numbers)
    {
        var parts = Pattern.Split("{}");
        return string.Concat(parts.Zip(numbers.Split('-').Append(""), (part, number) => part + number));
    }
}
