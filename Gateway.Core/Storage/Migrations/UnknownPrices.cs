using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>
/// Takes away the zeros that forms once stored as prices of models whose price nobody knew: only <c>is_free</c> makes a model free. Where
/// another source knows the price,
/// the next sync brings it back.
/// </summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130081500_UnknownPrices")]
internal sealed class UnknownPrices : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        // MySQL does not look into the table that it deletes from, except by a copy.
        var rates = Tombstones.IsMySql(migration) ? "(SELECT DISTINCT model_id, pico_usd FROM model_rates)" : "model_rates";
        migration.Sql(
            $"""
            DELETE FROM model_rates WHERE source = '{PriceSources.Admin}' AND pico_usd = 0
            AND NOT EXISTS (SELECT 1 FROM {rates} AS other WHERE other.model_id = model_rates.model_id AND other.pico_usd <> 0)
            AND NOT EXISTS (SELECT 1 FROM model_configs WHERE model_configs.model_id = model_rates.model_id AND model_configs.is_free)
            """
        );
        migration.Sql(
            $"""
            UPDATE model_configs SET price_source = '{PriceSources.LiteLlm}' WHERE price_source = '{PriceSources.Admin}'
            AND NOT EXISTS (
                SELECT 1 FROM model_rates WHERE model_rates.model_id = model_configs.model_id
                AND model_rates.source = '{PriceSources.Admin}')
            """
        );
    }

    protected override void Down(MigrationBuilder migration)
    {
        // What was taken away was no price.
    }
}
