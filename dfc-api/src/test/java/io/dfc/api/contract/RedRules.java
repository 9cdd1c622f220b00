package io.dfc.api.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dfc.api.testkit.BackendContract;

import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of the test kit that a backend turns red, and those that it keeps. */
final class RedRules {
    private static final Pattern RULE = Pattern.compile("rule_(\\d+_\\d+)");

    private RedRules() {}

    /**
     * What became of the rules.
     *
     * @param red those of which a test failed
     * @param kept those of which a test ran to its end
     */
    record Verdict(Set<String> red, Set<String> kept) {}

    static Set<String> of(Class<? extends BackendContract> contract) {
        return verdict(contract).red();
    }

    static Verdict verdict(Class<? extends BackendContract> contract) {
        EngineExecutionResults results =
                EngineTestKit.engine("junit-jupiter")
                        .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                        .selectors(selectClass(contract))
                        .execute();
        return new Verdict(
                rules(results.allEvents().failed().list()),
                rules(results.testEvents().succeeded().list()));
    }

    private static Set<String> rules(List<Event> events) {
        Set<String> rules = new TreeSet<>();
        for (Event event : events) {
            Matcher matcher = RULE.matcher(event.getTestDescriptor().getUniqueId().toString());
            if (matcher.find()) {
                rules.add(matcher.group(1));
            }
        }
        return rules;
    }
}
