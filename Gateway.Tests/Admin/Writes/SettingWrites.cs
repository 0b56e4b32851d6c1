using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Settings, rates of currencies and logos.</summary>
internal static class SettingWrites
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0];

    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["PUT /admin/settings"] = async (world, method) =>
            {
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    "/admin/settings",
                    i => new { chat_context_messages = i + 1, max_files_per_user = i + 1_001 }
                ); // all or nothing: both are of one call
                var values = await world.ReadAsync(db =>
                    db.Settings.Where(s => s.Key == "chat_context_messages" || s.Key == "max_files_per_user")
                        .OrderBy(s => s.Key)
                        .Select(s => s.Value)
                        .ToListAsync()
                );
                Assert.Equal(
                    1_000,
                    int.Parse(values[1], CultureInfo.InvariantCulture) - int.Parse(values[0], CultureInfo.InvariantCulture)
                );
            },
            ["PUT|PATCH /admin/settings/{key}"] = async (world, method) =>
            {
                await WriteWorld.AllSucceedAsync(world.Admin, method, "/admin/settings/chat_system_prompt", i => new { value = $"p{i}" });
                Assert.StartsWith(
                    "p",
                    await world.ReadAsync(db => db.Settings.Where(s => s.Key == "chat_system_prompt").Select(s => s.Value).SingleAsync())
                );
            },
            ["POST /currencies/convert"] = (world, method) =>
                WriteWorld.AllSucceedAsync(
                    world.Hub.Anonymous,
                    method,
                    "/currencies/convert",
                    _ => new
                    {
                        amount = 1,
                        from_currency = "USD",
                        to_currency = "USD",
                    }
                ),
            ["POST /currencies/update-rates"] = (world, _) => RefuseWithoutKeyAsync(world, "/currencies/update-rates"),
            ["POST /admin/currencies/update-rates"] = (world, _) => RefuseWithoutKeyAsync(world, "/admin/currencies/update-rates"),
            ["POST /admin/upload/logo"] = async (world, _) =>
                Assert.Equal(WriteWorld.Calls, (await UploadAsync(world, WriteWorld.Calls)).Distinct().Count()),
            ["DELETE /admin/upload/logo"] = async (world, method) =>
            {
                var url = (await UploadAsync(world, 1))[0];
                await WriteWorld.AllSucceedAsync(world.Admin, method, $"/admin/upload/logo?url={url}"); // also when it is already gone
                using var file = await world.Hub.Anonymous.GetAsync(url);
                Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);
            },
        };

    // Without a key for the source of rates this is the answer, and nothing is written. Rates themselves: CurrencyTests.
    private static async Task RefuseWithoutKeyAsync(WriteWorld world, string path)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, WriteWorld.Calls).Select(_ => world.Admin.SendAsync("POST", path)));
        Assert.All(answers, a => a.IsError(503, "exchange_rate_key_missing"));
    }

    private static async Task<string[]> UploadAsync(WriteWorld world, int count)
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var file = new ByteArrayContent(Png);
                    file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
                    return world.Admin.SendAsync(
                        "POST",
                        "/admin/upload/logo",
                        new MultipartFormDataContent { { file, "logo", "logo.png" } }
                    );
                })
        );
        Assert.All(answers, a => a.Is(200));
        return [.. answers.Select(a => a.Body.Text("data.url"))];
    }
}
