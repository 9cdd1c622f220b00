package io.dfc.bench.cli;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.bench.cli.option.KnownBackends;
import io.dfc.bench.report.Text;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code dfc backends}: the installed backends and their devices. */
@Command(
        name = "backends",
        description = "List the backends, and what those that cannot run here lack.",
        mixinStandardHelpOptions = true)
final class BackendsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print the list as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Backends.Listing> listings = KnownBackends.discover().listings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(listings));
        } else if (listings.isEmpty()) {
            out.println("no backend found; put one on the module path");
        } else {
            listings.forEach(listing -> write(listing, out));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void write(Backends.Listing listing, PrintWriter out) {
        String head =
                String.format(
                        Locale.ROOT, "%-12s priority %-4d ", listing.name(), listing.priority());
        switch (listing.availability()) {
            case Availability.Available(List<Device> devices) ->
                    devices.forEach(
                            d -> out.println(head + d.id() + ": " + Text.oneLine(d.description())));
            case Availability.Unavailable(String reason, String remedy) ->
                    out.println(head + "unavailable: " + Text.oneLine(reason + "; " + remedy));
        }
    }

    private static String asJson(List<Backends.Listing> listings) {
        JsonMapper mapper = new JsonMapper();
        ArrayNode array = mapper.createArrayNode();
        for (Backends.Listing listing : listings) {
            ObjectNode node = array.addObject();
            node.put("name", listing.name());
            node.put("priority", listing.priority());
            switch (listing.availability()) {
                case Availability.Available(List<Device> devices) -> {
                    node.put("available", true);
                    ArrayNode list = node.putArray("devices");
                    devices.forEach(
                            d ->
                                    list.addObject()
                                            .put("id", d.id())
                                            .put("description", d.description()));
                }
                case Availability.Unavailable(String reason, String remedy) -> {
                    node.put("available", false);
                    node.put("reason", reason);
                    node.put("remedy", remedy);
                }
            }
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array);
    }
}
