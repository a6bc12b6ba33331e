using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samsa.Model;

/// <summary>Truths that must hold, checked in production too: better a dead process than a wrong answer.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> where the condition is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [StackTraceHidden]
    public static void Holds(bool condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition)
        {
            Broken(text);
        }
    }

    /// <summary>Ends the process: what it would do next, no one can say.</summary>
    public static void EndProcess(InvariantException broken)
    {
        if (InsteadOfEnding is null)
        {
            Environment.FailFast(broken.Message, broken);
        }

        InsteadOfEnding(broken);
    }

    /// <summary>The simulator's, whose processes share one.</summary>
    internal static Action<InvariantException>? InsteadOfEnding { get; set; }

    [StackTraceHidden]
    private static void Broken(string text) => throw new InvariantException(text);
}

/// <summary>A bug of Samsa's own: something that cannot be has happened.</summary>
public sealed class InvariantException(string condition) : Exception($"Broken invariant: {condition}");
