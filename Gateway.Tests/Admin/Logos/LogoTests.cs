using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Logos;

/// <summary>Upload, removal and delivery of logos; the security rules S9 and S10; scenario 10.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class LogoTests(AdminHubs hubs)
{
    private const string Svg =
        """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><defs><linearGradient id="g"/></defs><rect fill="url(#g)" width="1"/><use xlink:href="#g"/></svg>""";
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0];

    [Fact]
    public async Task A_logo_is_stored_served_apart_and_removed()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);

        var answer = await UploadAsync(hub, "logo.svg", Encoding.UTF8.GetBytes(Svg));

        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data", "url");
        var url = answer.Body.Text("data.url");
        Assert.Equal(url, answer.Body.Text("url"));
        Assert.Matches(@"^/uploads/logos/[0-9a-f-]{36}_\d+\.svg$", url);
        using var file = await hub.Anonymous.GetAsync(url);
        Assert.Equal(
            (HttpStatusCode.OK, "image/svg+xml", Svg),
            (file.StatusCode, file.Content.Headers.ContentType!.MediaType, await file.Content.ReadAsStringAsync())
        );
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox", file.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upload/logo?url=http://localhost:8080{url}")).Is(200);
        using var gone = await hub.Anonymous.GetAsync(url);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upload/logo?url={url}")).Is(200);
        (await UploadAsync(hub, "logo.PNG", Png)).Is(200);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><image href='https://evil.example/x.png'/></svg>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:alert(1)'/></svg>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'https://evil.example/x.css'</style></svg>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url(https://evil.example/#x)'/></svg>")]
    [InlineData("<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>")]
    [InlineData("<html><body/></html>")]
    [InlineData("not xml")]
    public async Task S10_an_svg_that_acts_or_loads_is_refused(string svg)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await UploadAsync(hub, "x.svg", Encoding.UTF8.GetBytes(svg))).IsError(400, "validation_failed");
    }

    [Theory]
    [InlineData(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n"
    )]
    [InlineData("<!DOCTYPE svg>")]
    [InlineData(
        "<!-- made by a program --><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.0//EN' "
            + "'http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd' [<!ENTITY unused 'x'>]>"
    )]
    public async Task A_doctype_is_dropped_and_the_picture_kept(string prolog)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await UploadAsync(hub, "logo.svg", Encoding.UTF8.GetBytes(prolog + Svg));
        answer.Is(200);
        var stored = await hub.Anonymous.GetStringAsync(answer.Body.Text("url"));
        Assert.DoesNotContain("DOCTYPE", stored);
        Assert.DoesNotContain("ENTITY", stored);
        Assert.Contains("<linearGradient id=\"g\"", stored);
        Assert.Equal(HttpStatusCode.OK, (await UploadAsync(hub, "again.svg", Encoding.UTF8.GetBytes(stored))).Status);
    }

    [Theory]
    [InlineData("<!DOCTYPE svg [<!ENTITY a 'x'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&a;</text></svg>")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a '<script/>'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>")]
    [InlineData("<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<!DOCTYPE svg><?xml-stylesheet href='https://evil.example/x.css'?><svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("<!DOCTYPE html><html><body/></html>")]
    public async Task A_doctype_lets_nothing_else_in(string svg)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await UploadAsync(hub, "x.svg", Encoding.UTF8.GetBytes(svg))).IsError(400, "validation_failed");
    }

    [Theory]
    [InlineData("/uploads/../x")]
    [InlineData("/uploads/logos/../../x")]
    [InlineData("/uploads/./x")]
    [InlineData("/uploads/%2e%2e/x")]
    [InlineData("/uploads/%2E./x")]
    [InlineData("/uploads/..%2fx")]
    [InlineData("/uploads/%252e%252e/x")]
    [InlineData("/uploads/%25252e%25252e%25252fx")]
    [InlineData("/uploads/..\\x")]
    [InlineData("/uploads/%5c..%5cx")]
    [InlineData("/uploads/a%00b")]
    [InlineData("/uploads/")]
    [InlineData("/etc/passwd")]
    [InlineData("//evil.example/uploads/x.svg")]
    [InlineData("uploads/logos/x.svg")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:image/svg+xml,<svg/>")]
    [InlineData("http://localhost:8080/uploads/../x")]
    [InlineData("http://localhost:8080/uploads/%2e%2e/x")]
    [InlineData("https://user:password@example.com/x.png")]
    public async Task A_logo_is_nowhere_else(string url)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name = "C", logo_url = url });
        answer.IsError(400, "validation_failed");
        Assert.Equal("logo_url", answer.Body.Text("details.0.field"));
    }

    [Theory]
    [InlineData("/uploads/logos/01980a3c-5d1e-7c55-b0a4-6f2d1c9e8b70_1.svg")]
    [InlineData("http://localhost:8080/uploads/logos/x.svg")]
    [InlineData("https://cdn.example.com/a..b/logo%20new.png?size=2/..")]
    [InlineData("https://example.com")]
    public async Task A_logo_is_here_or_on_the_web(string url)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name = "C", logo_url = url })).Is(201);
    }

    [Fact]
    public async Task What_it_is_decides_and_its_size()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await UploadAsync(hub, "x.png", "MZ"u8.ToArray())).IsError(400, "validation_failed");
        (await UploadAsync(hub, "x.gif", Png)).IsError(400, "validation_failed");
        (await UploadAsync(hub, "x.png", [.. Png, .. new byte[5_242_881 - Png.Length]])).IsError(413, "payload_too_large");
        (await UploadAsync(hub, "x.png", [.. Png, .. new byte[5_242_880 - Png.Length]])).Is(200);
        (await UploadAsync(hub, "x.png", Png, field: "other")).IsError(400, "validation_failed");
    }

    [Theory]
    [InlineData("/uploads/logos/../../hub.db")]
    [InlineData("/uploads/logos/..%2F..%2Fhub.db")]
    [InlineData("/etc/passwd")]
    [InlineData("http://localhost/uploads/logos/../../hub.db")]
    [InlineData("")]
    public async Task S9_only_logos_can_be_removed(string url)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upload/logo?url={Uri.EscapeDataString(url)}")).IsError(
            400,
            "validation_failed"
        );
    }

    private static Task<ApiAnswer> UploadAsync(AdminHub hub, string name, byte[] content, string field = "logo")
    {
        var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return hub.Admin.Client.SendAsync("POST", "/admin/upload/logo", new MultipartFormDataContent { { part, field, name } });
    }
}
