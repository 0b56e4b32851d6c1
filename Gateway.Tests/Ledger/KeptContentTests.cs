using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>Prompts and answers are kept only while an admin wants it, and shown only to their user and to admins.</summary>
public sealed class KeptContentTests
{
    [Fact]
    public async Task Nothing_is_kept_unless_an_admin_says_so()
    {
        await using var hub = await AdminHub.StartAsync();
        await hub.Host.RecordAsync(await hub.Host.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        Assert.Equal(0, await hub.ReadAsync(db => db.RequestContents.CountAsync()));
    }

    [Theory, BothDatabases]
    public async Task The_user_and_admins_read_what_was_kept_and_support_does_not(TestDatabase database)
    {
        await using var hub = await KeepingAsync(database);
        var person = await hub.NewPersonAsync();
        await CallAsync(hub, person, InferenceCalls.Chat("gpt-4o-mini"));

        var own = (await person.Client.ReadAsync("/users/me/requests")).Body.At("requests.0");
        Assert.Equal("user", own.At("messages.0").Text("role"));
        Assert.Equal("chat.completion", own.At("response").Text("object"));
        Assert.Equal(
            JsonValueKind.Array,
            (await hub.Admin.Client.ReadAsync($"/users/{person.Id}/requests")).Body.At("requests.0.messages").ValueKind
        );
        var support = (await (await hub.NewPersonAsync(Roles.Support)).Client.ReadAsync($"/users/{person.Id}/requests")).Body.At(
            "requests.0"
        );
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (support.At("messages").ValueKind, support.At("response").ValueKind));
    }

    [Fact]
    public async Task Of_a_stream_its_events_are_kept_as_they_went_out()
    {
        await using var hub = await KeepingAsync();
        var person = await hub.NewPersonAsync();
        var sent = await CallAsync(hub, person, InferenceCalls.Stream("gpt-4o-mini"));
        Assert.Equal(sent, (await person.Client.ReadAsync("/users/me/requests")).Body.At("requests.0").Text("response"));
    }

    [Fact]
    public async Task What_is_too_long_is_cut_off_and_marked()
    {
        await using var hub = await KeepingAsync(settings: ("CONTENT_BYTES", "10"));
        var person = await hub.NewPersonAsync();
        await CallAsync(hub, person, InferenceCalls.Chat("gpt-4o-mini"));
        var kept = await hub.ReadAsync(db => db.RequestContents.AsNoTracking().SingleAsync());
        Assert.Equal((true, 10, 10), (kept.IsCut, kept.Request.Length, kept.Response.Length));
    }

    [Fact]
    public async Task Turned_off_it_ends_with_the_next_call_and_what_was_kept_stays_readable()
    {
        await using var hub = await KeepingAsync();
        var person = await hub.NewPersonAsync();
        await CallAsync(hub, person, InferenceCalls.Chat("gpt-4o-mini"));
        await SwitchAsync(hub, isOn: false);
        await hub.Host.RecordAsync(await hub.Host.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        Assert.Equal(1, await hub.ReadAsync(db => db.RequestContents.CountAsync()));
        Assert.Equal(JsonValueKind.Array, (await person.Client.ReadAsync("/users/me/requests")).Body.At("requests.0.messages").ValueKind);
    }

    [Fact]
    public async Task Old_contents_are_deleted_and_the_ledgers_rows_stay()
    {
        await using var hub = await KeepingAsync();
        var person = await hub.NewPersonAsync();
        await CallAsync(hub, person, InferenceCalls.Chat("gpt-4o-mini"));
        await hub.WriteAsync(
            new RequestContent
            {
                Id = "old",
                UserId = person.Id,
                Request = "{}",
                Response = "{}",
                CreatedAt = DateTime.UtcNow.AddDays(-3),
            }
        );
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { body_retention_days = 2 })).Is(200);

        Assert.Equal(1, await hub.Host.Services.GetRequiredService<ContentRetention>().DeleteAsync(CancellationToken.None));

        Assert.Equal(
            (1, 1),
            (
                await hub.ReadAsync(db => db.RequestContents.CountAsync()),
                await hub.ReadAsync(db => db.UsageRecords.CountAsync(r => r.UserId == person.Id))
            )
        );
    }

    [Fact]
    public async Task A_deleted_user_leaves_no_words_behind()
    {
        await using var hub = await KeepingAsync();
        var person = await hub.NewPersonAsync();
        await CallAsync(hub, person, InferenceCalls.Chat("gpt-4o-mini"));
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{person.Id}")).Is(200);
        Assert.Equal(0, await hub.ReadAsync(db => db.RequestContents.CountAsync()));
    }

    private static async Task<AdminHub> KeepingAsync(
        TestDatabase database = TestDatabase.Sqlite,
        params (string Name, string Value)[] settings
    )
    {
        var hub = await AdminHub.StartAsync(database, settings.ToDictionary(s => s.Name, s => s.Value));
        await SwitchAsync(hub, isOn: true);
        return hub;
    }

    private static async Task SwitchAsync(AdminHub hub, bool isOn)
    {
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { log_request_bodies = isOn })).Is(200);
        await Eventually.TrueAsync(
            () => Task.FromResult(hub.Host.Services.GetRequiredService<ContentSwitch>().IsOn == isOn),
            "the setting is in force"
        );
    }

    private static async Task<string> CallAsync(AdminHub hub, Person person, string body)
    {
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("api_key");
        using var client = hub.Host.NewClient(key);
        using var answer = await client.ChatAsync(body);
        var text = await answer.Content.ReadAsStringAsync();
        await hub.Host.RecordAsync(answer);
        await Eventually.TrueAsync(() => hub.ReadAsync(db => db.RequestContents.AnyAsync(c => c.UserId == person.Id)), "it is kept");
        return text;
    }
}
