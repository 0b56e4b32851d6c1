using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Events;

/// <summary>Events and their webhook.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class EventTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task The_list_is_newest_first_and_filters(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var scopeId = Guid.NewGuid().ToString();
        var old = NewEvent("limit.shadow", scopeId, new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc));
        var young = NewEvent("budget.exhausted", scopeId, new DateTime(2026, 1, 6, 0, 0, 0, DateTimeKind.Utc));
        await hub.WriteAsync(old, young);

        var answer = await hub.Admin.Client.ReadAsync($"/admin/events?scope_id={scopeId}");

        answer.Body.HasExactly("success", "message", "data", "events", "total_count", "limit", "offset", "has_more");
        answer
            .Body.At("data.0")
            .HasExactly("id", "type", "scope", "scope_id", "data", "created_at", "delivered_at", "delivery_attempts", "next_delivery_at");
        Assert.Equal([young.Id, old.Id], Ids(answer));
        Assert.Equal(80, answer.Body.Number("data.0.data.percent"));
        Assert.Equal([old.Id], Ids(await hub.Admin.Client.ReadAsync($"/admin/events?scope_id={scopeId}&type=limit.shadow")));
        Assert.Equal([young.Id], Ids(await hub.Admin.Client.ReadAsync($"/admin/events?scope_id={scopeId}&from=2026-01-06&to=2026-01-06")));
        Assert.Empty(Ids(await hub.Admin.Client.ReadAsync($"/admin/events?scope_id={scopeId}&scope=team")));
        (await hub.Admin.Client.ReadAsync("/admin/events?from=soon")).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task An_event_is_delivered_once_and_signed(TestDatabase database)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var hub = await StartAsync(database, receiver);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { webhook_secret = "shared" })).Is(200);
        var row = NewEvent("budget.threshold", "u1", DateTime.UtcNow, due: true);

        await AppendAsync(hub, row);
        await AppendAsync(hub, row); // told twice, as two nodes would
        var stored = await DeliveredAsync(hub, row.Id);

        var delivery = Assert.Single(receiver.Deliveries);
        Assert.Equal((row.Id, 1, (DateTime?)null), (delivery.EventId, stored.DeliveryAttempts, stored.NextDeliveryAt));
        var body = JsonDocument.Parse(delivery.Body).RootElement;
        body.HasExactly("id", "type", "scope", "scope_id", "data", "created_at");
        Assert.Equal(("budget.threshold", 80m), (body.Text("type"), body.Number("data.percent")));
        var time = delivery.Signature.Split(',')[0][2..];
        var expected = HMACSHA256.HashData("shared"u8, [.. Encoding.ASCII.GetBytes(time + "."), .. delivery.Body]);
        Assert.Equal($"t={time},v1={Convert.ToHexStringLower(expected)}", delivery.Signature);
    }

    [Theory, BothDatabases]
    public async Task A_failed_delivery_is_tried_again_until_it_is_taken(TestDatabase database)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var answers = 0;
        receiver.Status = () => Interlocked.Increment(ref answers) < 3 ? 500 : 200;
        await using var hub = await StartAsync(database, receiver);
        var row = NewEvent("budget.threshold", "u1", DateTime.UtcNow, due: true);

        await AppendAsync(hub, row);
        var stored = await DeliveredAsync(hub, row.Id);

        Assert.Equal((3, 3), (stored.DeliveryAttempts, receiver.Deliveries.Count));
        Assert.Equal("", receiver.Deliveries.First().Signature); // no secret, no signature
    }

    [Fact]
    public async Task A_delivery_is_given_up_after_the_last_attempt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = () => 302; // redirects are not followed
        await using var hub = await StartAsync(TestDatabase.Sqlite, receiver, ("WEBHOOK_ATTEMPTS", "2"));
        var row = NewEvent("budget.threshold", "u1", DateTime.UtcNow, due: true);

        await AppendAsync(hub, row);
        var stored = await Eventually.NotNullAsync(() =>
            hub.ReadAsync(db => db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.Id == row.Id && e.NextDeliveryAt == null))
        );

        Assert.Equal((2, (DateTime?)null, 2), (stored.DeliveryAttempts, stored.DeliveredAt, receiver.Deliveries.Count));
        var scrape = await MetricsText.ScrapeAsync(hub.Host);
        Assert.Equal(
            (1, 1),
            (
                scrape.Sum("oneui_webhook_deliveries_total", ("result", "failed")),
                scrape.Sum("oneui_webhook_deliveries_total", ("result", "given_up"))
            )
        );
    }

    [Theory, BothDatabases]
    public async Task Two_nodes_send_each_event_once(TestDatabase database)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var hub = await StartAsync(database, receiver);
        var url =
            hub.Host.Services.GetRequiredService<HubOptions>().Database.DatabaseUrl
            ?? "sqlite:"
                + await hub.ReadAsync(db =>
                    Task.FromResult(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource)
                );
        await using var second = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["DATABASE_URL"] = url,
                ["HUB_ROLE"] = "admin",
                ["WEBHOOK_POLL_MS"] = "10",
                ["SANDBOX"] = "false",
            }
        );
        var rows = Enumerable.Range(0, 40).Select(i => NewEvent("budget.threshold", "u" + i, DateTime.UtcNow, due: true)).ToList();

        await hub.WriteAsync([.. rows]);
        await Eventually.TrueAsync(
            async () => await hub.ReadAsync(db => db.Events.CountAsync(e => e.DeliveredAt != null)) == rows.Count,
            "all events are delivered"
        );

        Assert.Equal(rows.Select(r => r.Id).Order(), receiver.Deliveries.Select(d => d.EventId).Order());
    }

    [Fact]
    public async Task Without_an_address_nothing_waits_to_be_sent()
    {
        await using var hub = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["WEBHOOK_POLL_MS"] = "10" });
        var row = NewEvent("budget.threshold", "u1", DateTime.UtcNow, due: true);
        await AppendAsync(hub, row);
        var stored = await Eventually.NotNullAsync(() =>
            hub.ReadAsync(db => db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.Id == row.Id && e.NextDeliveryAt == null))
        );
        Assert.Equal((0, (DateTime?)null), (stored.DeliveryAttempts, stored.DeliveredAt));
    }

    private static string[] Ids(ApiAnswer answer) => [.. answer.Body.At("data").EnumerateArray().Select(e => e.Text("id"))];

    private static EventRow NewEvent(string type, string scopeId, DateTime at, bool due = false) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Type = type,
            DedupeKey = Guid.NewGuid().ToString(),
            Scope = "user",
            ScopeId = scopeId,
            Data = "{\"percent\":80}",
            CreatedAt = at,
            NextDeliveryAt = due ? at : null,
        };

    private static async Task<AdminHub> StartAsync(
        TestDatabase database,
        WebhookReceiver receiver,
        params (string Name, string Value)[] more
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["WEBHOOK_POLL_MS"] = "10",
            ["WEBHOOK_RETRY_SECONDS"] = "0.01",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }
        var hub = await AdminHub.StartAsync(database, settings);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { webhook_url = receiver.Address })).Is(200);
        return hub;
    }

    private static Task AppendAsync(AdminHub hub, EventRow row) =>
        hub.Host.Services.GetRequiredService<EventWriter>().TryAppendAsync(row, CancellationToken.None);

    private static Task<EventRow> DeliveredAsync(AdminHub hub, string id) =>
        Eventually.NotNullAsync(() =>
            hub.ReadAsync(db => db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id && e.DeliveredAt != null))
        );
}
