using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Currencies;

/// <summary>Currencies and their rates.</summary>
internal static class CurrencyEndpoints
{
    private const decimal HighestAmount = 1_000_000_000_000_000;

    public static void MapCurrencies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/currencies", ListAsync);
        routes.MapGet("/currencies/exchange-rates", GetRatesAsync);
        routes.MapPost("/currencies/convert", ConvertAsync);
        foreach (var path in new[] { "/currencies/update-rates", "/admin/currencies/update-rates" }) // S3: both for admins
        {
            routes.MapPost(path, UpdateAsync).RequireAuthorization(AccessPolicies.Admin);
        }
    }

    private static async Task<Results<Revalidated, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        var total = await db.Currencies.LongCountAsync(cancellationToken);
        var rows = await db.Currencies.AsNoTracking().OrderBy(c => c.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        return new Revalidated(
            Reply.List("Currencies retrieved successfully", "currencies", rows.ConvertAll(CurrencyResponse.From), total, page)
        );
    }

    private static async Task<IResult> GetRatesAsync(QueryReader query, HubDbContext db, CancellationToken cancellationToken)
    {
        var page = query.Page(wholeByDefault: true);
        var (from, to) = (query.Text("from")?.ToUpperInvariant(), query.Text("to")?.ToUpperInvariant());
        if ((query.Error ?? Incomplete(from, to)) is { } error)
        {
            return error;
        }
        if (from is not null)
        {
            return await ExchangeRates.FindAsync(db, from, to!, cancellationToken) is { } rate
                ? new Revalidated(Reply.Enveloped("Exchange rate retrieved successfully", new PairResponse(from, to!, rate)))
                : ApiError.ExchangeRateNotFound;
        }
        var currencies = await db.Currencies.AsNoTracking().ToDictionaryAsync(c => c.Id, CurrencyResponse.From, cancellationToken);
        var total = await db.ExchangeRates.LongCountAsync(cancellationToken);
        var rows = await db
            .ExchangeRates.AsNoTracking()
            .OrderBy(r => r.FromCurrency)
            .ThenBy(r => r.ToCurrency)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return new Revalidated(
            Reply.List(
                "Exchange rates retrieved successfully",
                "exchange_rates",
                rows.ConvertAll(r => new ExchangeRateResponse(
                    r.Id,
                    r.FromCurrency,
                    r.ToCurrency,
                    r.Rate,
                    r.UpdatedAt,
                    currencies[r.FromCurrency],
                    currencies[r.ToCurrency]
                )),
                total,
                page
            )
        );
    }

    private static async Task<Results<Reply<ConversionResponse>, ApiError>> ConvertAsync(
        JsonBody body,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var amount = members.RequiredNumber("amount", 0, HighestAmount);
        var (from, to) = (
            members.RequiredText("from_currency", 3, 3).ToUpperInvariant(),
            members.RequiredText("to_currency", 3, 3).ToUpperInvariant()
        );
        if (members.Error is { } error)
        {
            return error;
        }
        return await ExchangeRates.FindAsync(db, from, to, cancellationToken) is { } rate
            ? Reply.Ok(new ConversionResponse(amount, from, decimal.Round(amount * rate, 10) / 1.0000000000000000000m, to, rate))
            : ApiError.ExchangeRateNotFound;
    }

    private static async Task<Results<Reply<UpdatedRates>, ApiError>> UpdateAsync(
        ExchangeRates rates,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (updated, refusal) = await rates.UpdateAsync(actor, cancellationToken);
        return refusal is null ? Reply.Enveloped("Exchange rates updated successfully", new UpdatedRates(updated)) : refusal;
    }

    private static ApiError? Incomplete(string? from, string? to) =>
        from is null == to is null
            ? null
            : ApiError.Validation(from is null ? "from" : "to", "required", "is required: from and to go together");
}
