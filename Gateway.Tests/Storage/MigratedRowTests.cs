using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Tests.Storage;

/// <summary>What migrations make of the rows that an earlier version left.</summary>
public sealed class MigratedRowTests
{
    private const string First = "20261121000000_InitialSchema";

    private static readonly DateTime Then = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Names_of_what_was_deleted_are_found_in_the_audit_log(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database, First);
        await using var db = store.CreateDbContext();
        db.AddRange(
            Deleted("model", "m1", """{"name":"gpt-4o","external_id":"gpt-4o"}"""),
            Deleted("team", "t1", """{"name":"Research"}"""),
            Deleted("user", "u1", null),
            Deleted("tier", "g1", """{"name":"Gold"}"""),
            Deleted("tier", "g1", """{"name":"Gold"}"""),
            Deleted("company", "c1", """{"name":"Acme"}""")
        );
        await db.SaveChangesAsync();

        await db.Database.MigrateAsync();

        var kept = await db.Tombstones.AsNoTracking().OrderBy(t => t.EntityId).ToListAsync();
        Assert.Equal(
            [("tier", "g1", "Gold"), ("model", "m1", "gpt-4o"), ("team", "t1", "Research")],
            kept.Select(t => (t.EntityType, t.EntityId, t.Name))
        );
        Assert.All(kept, t => Assert.Equal((null, Then), (t.ExternalId, t.LiftedAt)));
    }

    [Theory, BothDatabases]
    public async Task Zeros_that_were_no_prices_go_and_prices_stay(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database, First);
        await using var db = store.CreateDbContext();
        db.Add(
            new Company
            {
                Id = "c",
                Name = "C",
                CreatedAt = Then,
                UpdatedAt = Then,
            }
        );
        (string, bool, int, int)[] models = [("zeros", false, 0, 0), ("free", true, 0, 0), ("half", false, 0, 5), ("priced", false, 3, 5)];
        foreach (var (id, _, input, output) in models)
        {
            db.Add(
                new CatalogModel
                {
                    Id = id,
                    CompanyId = "c",
                    Name = id,
                    Mode = "chat",
                    CreatedAt = Then,
                    UpdatedAt = Then,
                }
            );
            db.Add(
                new ModelRate
                {
                    ModelId = id,
                    RateKey = "input",
                    PicoUsd = input,
                    Source = PriceSources.Admin,
                }
            );
            db.Add(
                new ModelRate
                {
                    ModelId = id,
                    RateKey = "output",
                    PicoUsd = output,
                    Source = PriceSources.Admin,
                }
            );
        }
        await db.SaveChangesAsync();
        foreach (var (id, isFree, _, _) in models)
        {
            // The table of then, without the columns that came later
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO model_configs (id, model_id, is_free, is_enabled, price_source, created_at, updated_at)
                VALUES ({id}, {id}, {isFree}, {true}, {PriceSources.Admin}, {Then}, {Then})
                """
            );
        }

        await db.Database.MigrateAsync();

        Assert.Equal(["free", "half", "priced"], await db.ModelRates.Select(r => r.ModelId).Distinct().OrderBy(id => id).ToListAsync());
        Assert.Equal(["zeros"], await db.ModelConfigs.Where(c => c.PriceSource == PriceSources.LiteLlm).Select(c => c.Id).ToListAsync());
    }

    private static AuditEntry Deleted(string type, string id, string? before) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Action = $"{type}.deleted",
            EntityType = type,
            EntityId = id,
            Before = before,
            CreatedAt = Then,
        };
}
