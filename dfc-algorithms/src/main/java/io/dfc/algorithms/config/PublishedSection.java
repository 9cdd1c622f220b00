package io.dfc.algorithms.config;

import java.util.List;
import java.util.Map;

/**
 * Where a published configuration comes from.
 *
 * @param source publication
 * @param item table, column or figure
 * @param file file of the authors' repository
 * @param notes what must be known about it
 * @param parameters published values that no key of this version holds, by their original names
 */
public record PublishedSection(
        String source,
        String item,
        String file,
        List<String> notes,
        Map<String, Object> parameters) {}
