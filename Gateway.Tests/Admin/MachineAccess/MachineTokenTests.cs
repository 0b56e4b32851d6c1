using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.MachineAccess;

/// <summary>Machine access to <c>/api/v1</c>.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class MachineTokenTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_token_is_shown_once_works_and_dies_at_once(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);

        var created = await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", new { name = "terraform", role = "admin" });

        created.Is(201);
        created
            .Body.At("access_token")
            .HasExactly("id", "name", "public_id", "role", "allowed_ips", "created_by", "expires_at", "created_at", "token");
        var text = created.Body.Text("data.token");
        Assert.Matches("^sk-hub-adm-[0-9A-Za-z]{16}-[0-9A-Za-z]{43}$", text);
        using var machine = hub.Host.NewClient(text);
        var team = await machine.SendAsync("POST", "/admin/teams", new { name = "by machine" });
        team.Is(201);
        Assert.Equal(created.Body.Text("data.id"), (await hub.AuditOfAsync(team.Body.Text("data.id"))).Single().ActorId);
        var list = await hub.Admin.Client.ReadAsync("/admin/access-tokens");
        Assert.DoesNotContain(text, list.Raw);
        Assert.DoesNotContain("hash", list.Raw);
        var row = await hub.ReadAsync(db => db.MachineTokens.SingleAsync(t => t.Id == created.Body.Text("data.id")));
        Assert.DoesNotContain(text[^43..], JsonSerializer.Serialize(row));
        var audit = (await hub.AuditOfAsync(row.Id)).Single();
        Assert.DoesNotContain(row.SecretHash, audit.After);
        Assert.Contains("terraform", audit.After);

        using var traffic = await hub.Host.NewClient(text).GetAsync("/v1/models");
        Assert.Equal(401, (int)traffic.StatusCode); // for management alone
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/access-tokens/{row.Id}")).Is(200);
        (await machine.ReadAsync("/admin/teams")).IsError(401, "token_invalid");
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/access-tokens/{row.Id}")).IsError(404, "not_found");
    }

    [Fact]
    public async Task A_support_token_reads_only_and_networks_and_expiry_hold()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        await using var hub = await AdminHub.StartAsync(time: clock);
        async Task<HttpClient> CreateAsync(object body) =>
            hub.Host.NewClient((await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", body)).Body.Text("data.token"));
        using var support = await CreateAsync(
            new
            {
                name = "s",
                role = "support",
                allowed_ips = new[] { "127.0.0.0/8" },
                expires_at = clock.GetUtcNow().AddMinutes(5).ToString("yyyy-MM-ddTHH:mm:ssZ"),
            }
        );
        (await support.ReadAsync("/admin/users")).Is(200);
        (await support.ReadAsync("/admin/teams")).IsError(403, "forbidden");
        using var elsewhere = await CreateAsync(
            new
            {
                name = "e",
                role = "admin",
                allowed_ips = new[] { "10.0.0.0/8" },
            }
        );
        (await elsewhere.ReadAsync("/admin/users")).IsError(401, "token_invalid");
        using var wrong = hub.Host.NewClient("sk-hub-adm-" + new string('a', 16) + "-" + new string('b', 43));
        (await wrong.ReadAsync("/admin/users")).IsError(401, "token_invalid");
        clock.Advance(TimeSpan.FromMinutes(6));
        (await support.ReadAsync("/admin/users")).IsError(401, "token_expired");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\":\"x\",\"role\":\"customer\"}")]
    [InlineData("{\"name\":\"x\",\"role\":\"admin\",\"allowed_ips\":[\"x\"]}")]
    [InlineData("{\"name\":\"x\",\"role\":\"admin\",\"expires_at\":\"2020-01-01\"}")]
    public async Task A_wrong_token_is_refused(string body)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", body)).IsError(400, "validation_failed");
    }
}
