using Samsa.Model;

namespace Samsa.Broker.Peers;

/// <summary>Where controllers listen, and which of them is thought to be the active one. A guess: whoever is asked says whether it is.</summary>
/// <param name="voters">The voters (<c>controller.quorum.voters</c>), by id.</param>
/// <param name="servers">Further addresses at which controllers may be asked (<c>controller.quorum.bootstrap.servers</c>).</param>
/// <param name="leader">Who leads as a voter knows from the others; null on a node that is no voter.</param>
internal sealed class ControllerDirectory(
    IReadOnlyDictionary<BrokerId, PeerAddress> voters, IEnumerable<PeerAddress> servers, Func<BrokerId>? leader = null)
{
    private readonly Lock _gate = new();
    private readonly PeerAddress[] _all = [.. voters.Values.Concat(servers).Distinct()];
    private PeerAddress? _active;
    private int _next;

    /// <summary>The voters, by id.</summary>
    public IReadOnlyDictionary<BrokerId, PeerAddress> Voters => voters;

    /// <summary>Whom to ask next; null where no controller is known.</summary>
    public PeerAddress? Candidate
    {
        get
        {
            lock (_gate)
            {
                return leader is not null && voters.TryGetValue(leader(), out var known) ? known
                    : _active ?? (_all.Length == 0 ? null : _all[_next]);
            }
        }
    }

    /// <summary>Somebody said who is active, and where that is if he knows.</summary>
    public void Learn(BrokerId controller, PeerAddress? address)
    {
        lock (_gate)
        {
            _active = address ?? (voters.TryGetValue(controller, out var voter) ? voter : null);
        }
    }

    /// <summary>The controller at that address is not active, or does not answer: another one is asked next.</summary>
    public void Reject(PeerAddress address)
    {
        lock (_gate)
        {
            if (_active == address)
            {
                _active = null;
            }

            if (_all.Length > 0 && _all[_next] == address)
            {
                _next = (_next + 1) % _all.Length;
            }
        }
    }
}
