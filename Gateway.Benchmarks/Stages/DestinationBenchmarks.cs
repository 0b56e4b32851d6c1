using BenchmarkDotNet.Attributes;
using Gateway.Apis;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Gateway.Upstream;
using Yarp.ReverseProxy.Model;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// Where a call goes: which destinations are its model's and well, which of them is picked, and the model's name there. What every call
/// needs however many upstreams there are (<see cref="UpstreamCall"/>) is left out.
/// </summary>
public class DestinationBenchmarks
{
    private const string ModelName = "model";

    private Choice _one = null!;
    private Choice _three = null!;
    private Choice _threeOfTen = null!;

    [GlobalSetup]
    public void Setup() => (_one, _three, _threeOfTen) = (new Choice(1, 1), new Choice(3, 3), new Choice(3, 10));

    [Benchmark]
    public object Choose_one_upstream() => _one.Choose();

    [Benchmark]
    public object Choose_among_three_upstreams() => _three.Choose();

    [Benchmark]
    public object Choose_among_three_of_ten_upstreams() => _threeOfTen.Choose();

    // A model at the first so many of the upstreams.
    private sealed class Choice
    {
        private readonly PriorityThenWeight _balancing = new();
        private readonly HttpContext _http = new DefaultHttpContext();
        private readonly ClusterState _cluster = new("upstream");
        private readonly List<DestinationState> _all = [];
        private readonly PolicyModel _model;
        private readonly UpstreamCall _call;

        public Choice(int places, int upstreams)
        {
            var all = Enumerable
                .Range(0, upstreams)
                .Select(n => new PolicyUpstream($"upstream-{n}", UpstreamKind.Compatible, [new Uri($"http://host-{n}/v1")], "sk-x")
                {
                    Id = $"u{n}",
                    Weight = n + 1,
                })
                .ToList();
            _all.AddRange(all.Select(u => new DestinationState(u.DestinationIds[0])));
            var model = new CatalogModel
            {
                Id = "m",
                CompanyId = "c",
                Name = ModelName,
                Mode = "chat",
            };
            var rows = new PolicyRows(1, [model], [], [])
            {
                Upstreams = all,
                UpstreamModels =
                [
                    .. all.Take(places)
                        .Select(u => new UpstreamModelRow
                        {
                            UpstreamId = u.Id!,
                            ModelId = "m",
                            UpstreamName = "there",
                        }),
                ],
            };
            PolicyCompiler.TryCompile(rows, out var policy, out _);
            _model = policy!.FindModel(ModelName)!;
            _call = new UpstreamCall(CancellationToken.None, _model, isStream: false, new AnswerOptions());
            _http.Features.Set(_call);
        }

        public ModelPlace Choose()
        {
            var candidates = Candidates.Of(_model, ApiTable.Chat, only: null, _all, out _);
            _call.Begin(candidates);
            return _call.GoTo(_balancing.PickDestination(_http, _cluster, candidates)!);
        }
    }
}
