using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin.Currencies;

/// <summary>Sections 2.5 and 4.13.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class CurrencyTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task Rates_are_read_at_start_and_shown_with_their_currencies(TestDatabase database)
    {
        await using var source = await StartSourceAsync("""{"result":"success","conversion_rates":{"USD":1,"RUB":95.0}}""");
        await using var hub = await AdminHub.StartAsync(database, Settings(source));
        await Eventually.TrueAsync(() => hub.ReadAsync(db => db.ExchangeRates.AnyAsync()), "rates are read at start");

        var currencies = (await hub.Anonymous.ReadAsync("/currencies")).Body;
        currencies.At("data.0").HasExactly("id", "name", "symbol");
        Assert.Equal(["RUB", "USD"], currencies.At("currencies").EnumerateArray().Select(c => c.Text("id")));
        var rates = (await hub.Anonymous.ReadAsync("/currencies/exchange-rates")).Body;
        rates.At("data.1").HasExactly("id", "from_currency", "to_currency", "rate", "updated_at", "from", "to");
        Assert.Equal(
            ("USD", "RUB", 95m, "$", "₽"),
            (
                rates.Text("data.1.from_currency"),
                rates.Text("data.1.to_currency"),
                rates.Number("data.1.rate"),
                rates.Text("data.1.from.symbol"),
                rates.Text("data.1.to.symbol")
            )
        );
        var pair = (await hub.Anonymous.ReadAsync("/currencies/exchange-rates?from=usd&to=rub")).Body;
        pair.HasExactly("success", "message", "data");
        Assert.Equal(95m, pair.Number("data.rate"));
        Assert.Equal(1m, (await hub.Anonymous.ReadAsync("/currencies/exchange-rates?from=RUB&to=RUB")).Body.Number("data.rate"));
        (await hub.Anonymous.ReadAsync("/currencies/exchange-rates?from=USD&to=XXX")).IsError(404, "exchange_rate_not_found");
        (await hub.Anonymous.ReadAsync("/currencies/exchange-rates?from=USD")).IsError(400, "validation_failed");

        var converted = await hub.Anonymous.SendAsync(
            "POST",
            "/currencies/convert",
            new
            {
                amount = 100,
                from_currency = "usd",
                to_currency = "RUB",
            }
        );
        converted.Body.HasExactly("original_amount", "from_currency", "converted_amount", "to_currency", "rate");
        Assert.Equal(
            (100m, 9500m, 95m),
            (converted.Body.Number("original_amount"), converted.Body.Number("converted_amount"), converted.Body.Number("rate"))
        );
        Assert.Equal(
            0m,
            (
                await hub.Anonymous.SendAsync(
                    "POST",
                    "/currencies/convert",
                    new
                    {
                        amount = 0,
                        from_currency = "USD",
                        to_currency = "RUB",
                    }
                )
            ).Body.Number("converted_amount")
        );
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/currencies/convert",
                new
                {
                    amount = -1,
                    from_currency = "USD",
                    to_currency = "RUB",
                }
            )
        ).IsError(400, "validation_failed");
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/currencies/convert",
                new
                {
                    amount = 1,
                    from_currency = "USD",
                    to_currency = "XXX",
                }
            )
        ).IsError(404, "exchange_rate_not_found");
    }

    [Theory, BothDatabases]
    public async Task An_update_goes_both_ways_and_a_third_currency_goes_over_the_dollar(TestDatabase database)
    {
        await using var source = await StartSourceAsync("""{"result":"success","conversion_rates":{"RUB":100,"EUR":0.5}}""");
        await using var hub = await AdminHub.StartAsync(database, Settings(source));
        await hub.WriteAsync(
            new Currency
            {
                Id = "EUR",
                Name = "Euro",
                Symbol = "€",
            },
            new Currency
            {
                Id = "XTS",
                Name = "Test",
                Symbol = "x",
            }
        );

        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/currencies/update-rates");

        answer.Is(200);
        Assert.Equal((4m, "Exchange rates updated successfully"), (answer.Body.Number("data.updated"), answer.Body.Text("message")));
        Assert.Equal(200m, (await hub.Anonymous.ReadAsync("/currencies/exchange-rates?from=EUR&to=RUB")).Body.Number("data.rate"));
        Assert.Equal(4, await hub.ReadAsync(db => db.ExchangeRates.CountAsync()));
    }

    [Fact]
    public async Task A_source_that_fails_is_an_upstream_error()
    {
        await using var source = await StartSourceAsync("""{"result":"error"}""");
        await using var hub = await AdminHub.StartAsync(settings: Settings(source));
        (await hub.Admin.Client.SendAsync("POST", "/currencies/update-rates")).IsError(502, "upstream_error");
        (await (await hubs.OnAsync(TestDatabase.Sqlite)).Admin.Client.SendAsync("POST", "/currencies/update-rates")).IsError(
            503,
            "exchange_rate_key_missing"
        );
    }

    private static Dictionary<string, string> Settings(WebApplication source) =>
        new() { ["EXCHANGE_RATE_API_KEY"] = "k", ["EXCHANGE_RATE_BASE_URL"] = source.Urls.First() + "/v6" };

    private static async Task<WebApplication> StartSourceAsync(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http => http.Request.Path == "/v6/k/latest/USD" ? http.Response.WriteAsync(body) : Task.CompletedTask);
        await app.StartAsync();
        return app;
    }
}
