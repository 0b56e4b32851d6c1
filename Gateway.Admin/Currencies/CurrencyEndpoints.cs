using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Currencies;

/// <summary>Currencies and their rates.</summary>
internal static class CurrencyEndpoints
{
    public static void MapCurrencies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/currencies", ListAsync).Says("List currencies", "Those that amounts can be shown in.");
        routes
            .MapGet("/currencies/exchange-rates", GetRatesAsync)
            .Says("List exchange rates", "All, or the rate of one pair when `from` and `to` are sent.")
            .Refuses(404);
        routes
            .MapPost("/currencies/convert", ConvertAsync)
            .Says(
                "Convert an amount",
                "By the direct rate, or over USD. Without EXCHANGE_RATE_API_KEY there are no rates. Open to everybody."
            )
            .Refuses(404);
        foreach (var path in new[] { "/currencies/update-rates", "/admin/currencies/update-rates" }) // S3: both for admins
        {
            routes
                .MapPost(path, UpdateAsync)
                .RequireAuthorization(AccessPolicies.Admin)
                .Says("Fetch exchange rates", "They are fetched every day too.")
                .Refuses(502, 503, 504);
        }
    }

    private static async Task<Revalidated<ListEnvelope<CurrencyResponse>>> ListAsync(
        Query<WholeListQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var total = await db.Currencies.LongCountAsync(cancellationToken);
        var rows = await db.Currencies.AsNoTracking().OrderBy(c => c.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        return new(Reply.List("Currencies retrieved successfully", rows.ConvertAll(CurrencyResponse.From), total, page));
    }

    private static async Task<
        Results<Revalidated<ListEnvelope<ExchangeRateResponse>>, Revalidated<Envelope<PairResponse>>, ApiError>
    > GetRatesAsync(Query<RateQuery> query, HubDbContext db, CancellationToken cancellationToken)
    {
        var (from, to, page) = (query.Value.From, query.Value.To, query.Value.Page);
        if (Incomplete(from, to) is { } error)
        {
            return error;
        }
        if (from is not null)
        {
            return await ExchangeRates.FindAsync(db, from, to!, cancellationToken) is { } rate
                ? new Revalidated<Envelope<PairResponse>>(
                    Reply.Enveloped("Exchange rate retrieved successfully", new PairResponse(from, to!, rate))
                )
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
        return new Revalidated<ListEnvelope<ExchangeRateResponse>>(
            Reply.List(
                "Exchange rates retrieved successfully",
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
        Body<AmountToConvert> body,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (amount, from, to) = (body.Value.Amount, body.Value.FromCurrency, body.Value.ToCurrency);
        return await ExchangeRates.FindAsync(db, from, to, cancellationToken) is { } rate
            ? Reply.Ok(new ConversionResponse(amount, from, decimal.Round(amount * rate, 10) / 1.0000000000000000000m, to, rate))
            : ApiError.ExchangeRateNotFound;
    }

    private static async Task<Results<Envelope<UpdatedRates>, ApiError>> UpdateAsync(
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
