using System.Text;
using Gateway.Apis;
using Gateway.Apis.Images;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Tests.Apis.Pieces;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Images;

/// <summary>OpenAI's images over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class ImagesTests(SharedHub shared)
{
    private static readonly PolicyModel ByToken = Bounds.Priced("""{"input":5000000,"input_image":10000000,"output_image":40000000}""") with
    {
        MaxInputTokens = null,
        MaxOutputTokens = null,
    };

    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1/images/generations"), InlineData("/images/generations"), InlineData("/openai/v1/images/generations")]
    public async Task Picture_is_charged_by_its_tokens(string path)
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(path, """{"model":"gpt-image-1","prompt":"a cat"}"""));
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(("aimage_generation", "ok", "reported"), (record.CallType, record.Outcome, record.UsageSource));
        Assert.Equal((2L, 1_056L), (record.Usage.Input, record.Usage.OutputImage));
        Assert.Equal((2 * 5_000) + (1_056 * 40_000), record.TotalCostNanoUsd);
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    [Fact]
    public async Task Pictures_are_charged_by_the_piece()
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post("/v1/images/generations", """{"model":"dall-e-3","prompt":"a cat","n":3}""")
        );
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal((3L, 120_000_000L), (record.Usage.Items.ImagesMade, record.TotalCostNanoUsd));
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    [Theory, InlineData("/v1/images/edits", "aimage_edit"), InlineData("/v1/images/variations", "aimage_variation")]
    public async Task Form_goes_on_with_the_model_behind_the_file_and_is_charged(string path, string callType)
    {
        using var form = PieceCalls.Form("dall-e-3", "image", "ä b.png", Encoding.UTF8.GetBytes("PNG\r\n--x"), ("n", "2"), ("prompt", "ü"));
        var answer = await _hub.Client.PostAsync(path, form);
        var record = await _hub.RecordAsync(answer.RequestId());
        var sent = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single().Received!.Body!;
        Assert.Equal((callType, "ok", 80_000_000L), (record.CallType, record.Outcome, record.TotalCostNanoUsd));
        Assert.Contains("PNG\r\n--x", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_holds_the_most_that_the_pictures_can_cost()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000);
        using var client = _hub.NewClient(key.Text);
        var paid = await client.SendAsync(InferenceCalls.Post("/v1/images/generations", """{"model":"dall-e-3","prompt":"a","n":2}"""));
        Assert.Equal(80_000_000, (await _hub.RecordAsync(paid.RequestId())).HeldNanoUsd);
        var refused = await client.SendAsync(InferenceCalls.Post("/v1/images/generations", """{"model":"dall-e-3","prompt":"a"}"""));
        await refused.AssertRefusedAsync(429, "insufficient_quota", "insufficient_quota");
    }

    [Theory]
    [InlineData("", 6_240)]
    [InlineData(",\"size\":\"1024x1024\",\"quality\":\"high\"", 4_160)]
    [InlineData(",\"size\":\"1024x1024\",\"n\":2", 8_320)]
    [InlineData(",\"size\":\"1024x1536\",\"partial_images\":3,\"stream\":true", 6_540)]
    public void Tokens_of_pictures_are_bounded_by_size_and_number(string more, long tokens)
    {
        var bound = Bounds.Of($$"""{"model":"m","prompt":"a"{{more}}}""", ByToken, ApiTable.Images);
        Assert.Null(bound.Refusal);
        Assert.Equal(tokens, bound.OutputTokens);
    }

    [Fact]
    public void Quality_whose_tokens_are_not_known_is_refused_on_a_budget() =>
        Assert.Equal(
            "unbounded_request",
            Bounds.Of("""{"model":"m","prompt":"a","quality":"max"}""", ByToken, ApiTable.Images).Refusal?.Code
        );

    [Theory]
    [InlineData("\"size\":\"big\"")]
    [InlineData("\"size\":7")]
    [InlineData("\"partial_images\":-1")]
    [InlineData("\"n\":0")]
    public void Value_that_means_nothing_is_refused(string member) =>
        Assert.Equal("invalid_value", Bounds.RefusalOfReading($$"""{"model":"m","prompt":"a",{{member}}}""", ApiTable.Images)?.Code);

    [Theory]
    [InlineData("dall-e-3", "azure", "1024x1024", "hd", 80_000_000)]
    [InlineData("dall-e-3", "azure", "1024x1024", null, 40_000_000)]
    [InlineData("dall-e-3", "azure", "1792x1024", "hd", 120_000_000)]
    public void Price_by_size_and_quality_comes_from_the_list(string name, string provider, string size, string? quality, long nanoUsd)
    {
        var model = Bounds.Priced("{}") with { Name = name, UpstreamName = name, Provider = provider };
        var held = SizedPrices.DearestOf(model, size, quality);
        var exact = SizedPrices.ExactOf(held, size, quality);
        var usage = new Gateway.Core.Usage.TokenUsage
        {
            Items = new() { ImagesMade = 1, OutputPixels = ImagesBody.PixelsOf(size)!.Value },
        };
        var cost = CostCalculator.Cost(exact.Prices, usage, ServiceTier.Default).Total.NanoUsd;
        Assert.InRange(cost, nanoUsd * 99 / 100, nanoUsd * 111 / 100);
        var chosen = usage with
        {
            Items = new() { ImagesMade = 1, OutputPixels = ImagesBody.PixelsOf(ImagesBody.LargestChosenSize)!.Value },
        };
        foreach (var asked in new[] { "auto", null })
        {
            var prices = SizedPrices.DearestOf(model, asked, "auto").Prices;
            Assert.True(CostCalculator.Cost(prices, chosen, ServiceTier.Default).Total.NanoUsd >= cost);
        }
    }

    [Fact]
    public void Price_of_the_model_itself_goes_before_the_list()
    {
        var model = Bounds.Priced("""{"image":1000000000}""") with { Name = "dall-e-3", UpstreamName = "dall-e-3", Provider = "azure" };
        Assert.Same(model.Prices, SizedPrices.DearestOf(model, "1024x1024", "hd").Prices);
        Assert.Same(model.Prices, SizedPrices.ExactOf(model, "1024x1024", "hd").Prices);
    }
}
