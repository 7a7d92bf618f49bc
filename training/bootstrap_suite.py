#!/usr/bin/env python3
"""Packs facts.jsonl and templates.json into the suite file that the lab ships.

usage: bootstrap_suite.py FOLDER OUT.json

One entry a relation, in the order in which relations first appear; facts keep their order, as [subject, object]
pairs, or [subject, [objects]] where neighbours have the same subject: the file is a third of the original's size. A
subject may come again later. `order` names the relation of each fact in turn, by its number: which subjects are asked
for, and in which order, depends on it.
"""
import json, sys

folder, out = sys.argv[1:3]
labels = {
    'birth-year': 'Year of birth', 'is-a': 'Kind of thing', 'instance-of': 'What a name stands for', 'entails': 'What an action implies',
    'occupation': 'Occupation', 'definition': 'Word for a definition', 'city-country': 'Country of a city', 'located-in': 'Where a place lies',
    'domain': 'Field of a term', 'shares-border': 'Neighbouring country', 'part-of': 'What it is part of', 'pertains-to': 'What an adjective relates to',
    'nationality': 'Nationality', 'capital-of': 'Country of a capital', 'us-state': 'US state of a city', 'death-year': 'Year of death',
    'antonym': 'Opposite', 'similar-to': 'Similar word', 'capital': 'Capital', 'used-for': 'Use', 'has-part': 'Part it has',
    'birth-country': 'Country of birth', 'member-of': 'Group it belongs to', 'official-language': 'Official language', 'made-of': 'Material',
    'currency': 'Currency', 'demonym': 'Name of the people', 'continent': 'Continent', 'causes': 'Effect',
}
templates = json.load(open(f'{folder}/templates.json'))
relations, order = {}, []
for line in open(f'{folder}/facts.jsonl'):
    fact = json.loads(line)
    entry = relations.setdefault(fact['relation'], {'source': fact['source'], 'facts': []})
    facts = entry['facts']
    if not facts or facts[-1][0] != fact['subject']: facts.append((fact['subject'], []))
    facts[-1][1].append(fact['object'])
    order.append(list(relations).index(fact['relation']))
suite = {
    'format': 'lossy-suite-1',
    'title': 'Facts of the bootstrap model',
    'licence': 'see LICENSE beside this file',
    'relations': [{
        'id': id, 'label': labels[id], 'source': entry['source'],
        'templates': templates[id],
        'facts': [[s, o[0] if len(o) == 1 else o] for s, o in entry['facts']],
    } for id, entry in relations.items()],
}
lines = [json.dumps(r, ensure_ascii=False, separators=(',', ':')) for r in suite.pop('relations')]
head = json.dumps(suite, ensure_ascii=False)[:-1]
open(out, 'w').write(head + ', "relations": [\n' + ',\n'.join(lines) + '\n],\n"order": ' + json.dumps(order, separators=(',', ':')) + '}\n')
