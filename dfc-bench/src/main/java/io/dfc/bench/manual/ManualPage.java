package io.dfc.bench.manual;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The manual page of a command, in the macros of man(7). */
final class ManualPage {
    private final CommandSpec spec;
    private final String version;
    private final StringBuilder out = new StringBuilder();

    ManualPage(CommandLine command, String version) {
        spec = command.getCommandSpec();
        this.version = version;
    }

    /** Name of the page: {@code dfc}, {@code dfc-train}. */
    String name() {
        return spec.qualifiedName("-");
    }

    /** The page. */
    String text() {
        macro("TH", name().toUpperCase(Locale.ROOT), "1", "", "dfc " + version, "User Commands");
        section("NAME");
        line(escaped(name()) + " \\- " + escaped(plain(description())));
        section("SYNOPSIS");
        line(escaped(synopsis()));
        section("DESCRIPTION");
        line(escaped(plain(description())));
        commands();
        arguments("ARGUMENTS", spec.positionalParameters());
        arguments("OPTIONS", spec.options());
        section("EXIT STATUS");
        tagged("0", "The command did what it was asked for.");
        tagged("1", "It failed.");
        tagged("2", "It cannot do that; other arguments would help.");
        footer();
        seeAlso();
        return out.toString();
    }

    private String description() {
        return String.join(" ", spec.usageMessage().description());
    }

    private String synopsis() {
        return plain(new Help(spec, Help.defaultColorScheme(Ansi.OFF)).synopsis(0));
    }

    private void commands() {
        if (spec.subcommands().isEmpty()) {
            return;
        }
        section("COMMANDS");
        spec.subcommands()
                .forEach(
                        (name, command) ->
                                tagged(
                                        bold(name),
                                        escaped(
                                                plain(
                                                        String.join(
                                                                " ",
                                                                command.getCommandSpec()
                                                                        .usageMessage()
                                                                        .description())))));
    }

    private void arguments(String title, Collection<? extends ArgSpec> arguments) {
        List<? extends ArgSpec> shown = arguments.stream().filter(a -> !a.hidden()).toList();
        if (shown.isEmpty()) {
            return;
        }
        section(title);
        for (ArgSpec argument : shown) {
            tagged(tag(argument), escaped(plain(String.join(" ", argument.description()))));
        }
    }

    private static String tag(ArgSpec argument) {
        String value = "\\fI" + escaped(argument.paramLabel()) + "\\fR";
        return switch (argument) {
            case OptionSpec option -> {
                String names =
                        Arrays.stream(option.names())
                                .map(ManualPage::bold)
                                .collect(Collectors.joining(", "));
                yield option.arity().max() == 0 ? names : names + "=" + value;
            }
            case PositionalParamSpec _ -> value;
            default -> throw new IllegalArgumentException(argument.toString());
        };
    }

    private void footer() {
        UsageMessageSpec usage = spec.usageMessage();
        if (usage.footer().length > 0) {
            section("NOTES");
            line(escaped(plain(usage.footerHeading())));
            for (String note : usage.footer()) {
                macro("br");
                line(escaped(plain(note)));
            }
        }
    }

    private void seeAlso() {
        section("SEE ALSO");
        Collection<String> others =
                spec.parent() == null
                        ? spec.subcommands().keySet().stream().map(n -> name() + "-" + n).toList()
                        : List.of(spec.root().name());
        line(others.stream().map(n -> bold(n) + "(1)").collect(Collectors.joining(", ")));
    }

    private void section(String title) {
        macro("SH", title);
    }

    private void tagged(String tag, String text) {
        macro("TP");
        line(tag);
        line(text);
    }

    private void macro(String name, String... arguments) {
        out.append('.').append(name);
        for (String argument : arguments) {
            out.append(" \"").append(escaped(argument)).append('"');
        }
        out.append('\n');
    }

    /** A line of text; one that begins like a macro would be taken for one. */
    private void line(String text) {
        boolean likeMacro = text.startsWith(".") || text.startsWith("'");
        out.append(likeMacro ? "\\&" : "").append(text).append('\n');
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }

    /** Text of the command line's own descriptions, in one line and without its markup. */
    private static String plain(String text) {
        return Ansi.OFF
                .string(text.replace("%n", " ").replace("%%", "%"))
                .replaceAll("\\s+", " ")
                .strip();
    }
}
