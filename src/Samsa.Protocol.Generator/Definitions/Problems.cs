using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>What can be wrong with a definition, and the list of what was.</summary>
internal sealed class Problems
{
    public static readonly DiagnosticDescriptor Syntax = Rule("SAMSA001", "Line not understood", "{0}");
    public static readonly DiagnosticDescriptor Indentation = Rule("SAMSA002", "Wrong indentation", "{0}");
    public static readonly DiagnosticDescriptor Incomplete = Rule("SAMSA003", "Incomplete definition", "'{0}' has no '{1}'");
    public static readonly DiagnosticDescriptor Versions = Rule("SAMSA004", "Wrong versions", "{0}");
    public static readonly DiagnosticDescriptor UnknownType = Rule("SAMSA005", "Unknown type", "'{0}' is neither a wire type nor a struct of this section");
    public static readonly DiagnosticDescriptor Type = Rule("SAMSA006", "Type not possible here", "{0}");
    public static readonly DiagnosticDescriptor StrongType = Rule("SAMSA007", "Wrong strong type", "{0}");
    public static readonly DiagnosticDescriptor Default = Rule("SAMSA008", "Wrong default", "'{0}' is no default for field '{1}' of type {2}");
    public static readonly DiagnosticDescriptor Tag = Rule("SAMSA009", "Wrong tag", "{0}");
    public static readonly DiagnosticDescriptor Duplicate = Rule("SAMSA010", "Defined twice", "{0}");
    public static readonly DiagnosticDescriptor Unused = Rule("SAMSA011", "Never used", "Struct '{0}' is never used");
    public static readonly DiagnosticDescriptor Recursion = Rule("SAMSA012", "Recursion", "Struct '{0}' contains itself");
    public static readonly DiagnosticDescriptor ZeroSize = Rule("SAMSA013", "Unbounded array", "Elements of '{0}' take no bytes in version {1}, so the bytes at hand would not bound their count");
    public static readonly DiagnosticDescriptor NameClash = Rule("SAMSA014", "Name clash", "{0}");

    private readonly List<Diagnostic> _found = [];

    public IReadOnlyList<Diagnostic> Found => _found;

    public void Add(DiagnosticDescriptor rule, SourceLine line, params object[] arguments) =>
        _found.Add(Diagnostic.Create(rule, line.ToLocation(), arguments));

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Samsa.Protocol", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
