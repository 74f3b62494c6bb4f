package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.CatalogueText;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.catalogue.CataloguePage;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.PyTorchNames;
import io.ketju.tensor.Excerpt;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju layers}, {@code ketju losses} and the others: everything of one kind that jobs can name. */
@Command(sortOptions = false, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n")
final class CatalogueCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Catalogue catalogue;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Show this one with its signature and page.")
    private @Nullable String wanted;

    @Option(names = "--markdown", description = "Print the whole page in Markdown.")
    private boolean markdown;

    private CatalogueCommand(Terminal terminal, Catalogue catalogue) {
        this.terminal = terminal;
        this.catalogue = catalogue;
    }

    /** The command of one catalogue, under its name. */
    static CommandSpec of(Terminal terminal, Catalogue catalogue) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new CatalogueCommand(terminal, catalogue));
        spec.name(catalogue.name());
        spec.usageMessage()
                .description(description(catalogue))
                .footer(
                        "  ketju " + catalogue.name(),
                        "  ketju " + catalogue.name() + " "
                                + catalogue.descriptions().getFirst().name());
        return spec;
    }

    /** What the list of commands says. */
    static String description(Catalogue catalogue) {
        return "List all " + catalogue.title().toLowerCase(Locale.ROOT) + ", or show one.";
    }

    @Override
    public Integer call() {
        if (markdown) {
            terminal.print(CataloguePage.of(catalogue));
        } else if (wanted == null) {
            terminal.print(CatalogueText.list(catalogue, terminal));
        } else {
            Description description = described(wanted);
            terminal.printText(CatalogueText.one(description));
            terminal.print(catalogue.picture().apply(description).stream()
                    .map(line -> "  " + line)
                    .toList());
        }
        return CommandLineInterface.OK;
    }

    private Description described(String name) {
        try {
            return catalogue.description(name);
        } catch (IllegalArgumentException e) {
            for (Catalogue other : CommandLineInterface.CATALOGUES) {
                Optional<String> there = PyTorchNames.of(name, other.names());
                if (there.isPresent()) {
                    String command = Invocation.ofProcess().of(other.name(), there.get());
                    throw new InvalidJobException(
                            "'" + Excerpt.of(name) + "' is " + other.oneOfKind() + "; see " + command, e);
                }
            }
            throw new InvalidJobException(String.valueOf(e.getMessage()), e);
        }
    }
}
