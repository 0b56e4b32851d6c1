using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Gateway.Limits.Bound;
using Gateway.Limits.Rates;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Stored;

/// <summary>Finds the file of a batch, which has to be the caller's own: its model, and what all of its calls can use and cost.</summary>
internal sealed class BatchFileMiddleware(
    RequestDelegate next,
    KeptObjects kept,
    IDbContextFactory<HubDbContext> databases,
    PolicySource policy
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        var content = call.Body.Members.Content;
        if (await FindAsync(http, call, content.BatchFile!, content.BatchEndpoint!) is { } refusal)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        await next(http);
    }

    private async Task<Refusal?> FindAsync(HttpContext http, Call call, string id, string endpoint)
    {
        var (own, refusal) = await kept.FindAsync(call.Caller, KeptKinds.File, id, http.RequestAborted);
        if (own is null)
        {
            return refusal;
        }
        if (await ReadAsync(own, http.RequestAborted) is not { } found)
        {
            return Refusals.StoreUnavailable;
        }
        if (found is not [var file])
        {
            return Refusals.InvalidMember("input_file_id", "a file that was uploaded with the purpose 'batch'");
        }
        if (file.Endpoint != endpoint)
        {
            return Refusals.InvalidMember("endpoint", $"'{file.Endpoint}', as the lines of the file have it");
        }
        var snapshot = policy.Current;
        var model = snapshot.Models.FirstOrDefault(m => m.Id == file.ModelId);
        if (ModelResolution.Refuse(snapshot, call.Caller, model?.Name ?? file.ModelId, model) is { } unusable)
        {
            return unusable;
        }
        if (BatchLines.PricesOf(model!) != file.Prices)
        {
            return Refusals.BatchPricesChanged(id);
        }
        call.Model = model!;
        call.OnlyUpstream = file.Upstream;
        call.Add(file);
        call.Add(
            new FixedBound(
                Money.FromNanoUsd(file.BoundNanoUsd),
                file.Refusal is { } why ? Refusals.UnboundedBatch(why) : null,
                new TokenEstimate(file.InputTokens, file.InputTokens, file.InputTokens + file.OutputTokens)
            )
        );
        return null;
    }

    private async Task<List<BatchFile>?> ReadAsync(KeptObject own, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            return await db
                .BatchFiles.AsNoTracking()
                .Where(f => f.Id == own.Id && f.Upstream == own.Upstream)
                .ToListAsync(cancellationToken);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            return null;
        }
    }
}
