package io.dfc.api.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dfc.api.testkit.BackendContract;

import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of the test kit that a backend turns red. */
final class RedRules {
    private static final Pattern RULE = Pattern.compile("rule_(\\d+_\\d+)");

    private RedRules() {}

    static Set<String> of(Class<? extends BackendContract> contract) {
        Set<String> red = new TreeSet<>();
        List<Event> failed =
                EngineTestKit.engine("junit-jupiter")
                        .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                        .selectors(selectClass(contract))
                        .execute()
                        .allEvents()
                        .failed()
                        .list();
        for (Event event : failed) {
            Matcher matcher = RULE.matcher(event.getTestDescriptor().getUniqueId().toString());
            if (matcher.find()) {
                red.add(matcher.group(1));
            }
        }
        return red;
    }
}
