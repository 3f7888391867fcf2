/** Made of resources/consents by scripts/consent-texts.ts; change the Markdown, give it a new version, and run that. */
export const consentTexts = {
  'ask-others': {
    documentId: 'ask-others',
    version: 1,
    termsReadOn: '2026-11-20',
    text: 'Before the first task leaves this computer, know who reads it.\n\n- The provider that runs a task reads its whole text, and so does the vendor of the model behind it. Encryption keeps everybody else out, not them.\n- An answer can be wrong, made up, or come from another model than was promised. The payment is certified, the truth is not.\n- Do not put secrets into a task: no passwords, keys or recovery phrases, nothing that others trusted you with. The program looks for them before it sends; it does not find all of them.\n- Do not let an answer decide about people: not about work, credit, health or rights.\n- Personal data of others needs a reason that you could explain to them.',
  },
  'attest-organisation': {
    documentId: 'attest-organisation',
    version: 1,
    termsReadOn: '2026-11-20',
    text: "I am an authorised user of the Anthropic account of the organisation that this federation is named after.\n\nThat means:\n- The organisation has an agreement with Anthropic under its Commercial Terms, and it lets me use its capacity.\n- Other members may run my tasks with the organisation's API keys, and I may run theirs with mine, for the organisation's own work.\n- The statement is signed with my key, goes with my requests, and every member can check it. It ends after 90 days.\n\nIf I leave the organisation, or am not sure whether this is true, I do not attest it, or I withdraw it.",
  },
  'serve-anthropic-api': {
    documentId: 'serve-anthropic-api',
    version: 1,
    termsReadOn: '2026-11-20',
    text: "You are about to run tasks of other members of your organisation with an API key of the Claude API.\n\nWhat that means:\n- The key stays on this computer, in the key store of its operating system. It is sent to the address shown here and to nobody else, and never to a member.\n- Every task is billed to the account of the key. The caps shown here are the most that this program spends; the prices are the ones you entered, so check them against your bill, and set a spending limit in the Claude Console as well.\n- You can read every task that runs here, and so can Anthropic and whoever runs the gateway, if you use one. The person who asked reads the answer.\n- Anthropic's Commercial Terms let a customer serve its own authorised users. They do not let it resell access. So this key serves members who attested to belong to the same customer, and no strangers.\n- You receive RUV. They are points that reward contribution. They have no price and cannot be sold or paid out.\n\nThis program is not affiliated with or approved by Anthropic. You stay responsible for the account, for what is run on it and for following the terms that apply to it.\n\nYou can stop at any moment. Then offers are withdrawn at once, running tasks end, what was locked for them goes back, and when you withdraw this consent the key is deleted from this computer.\n\nThis consent ends after 90 days, and it is asked for again when this text, a cap, the model, the address or the key changes. You can read, export and withdraw it in the settings.",
  },
  'serve-claude-cli': {
    documentId: 'serve-claude-cli',
    version: 1,
    termsReadOn: '2026-11-20',
    text: "You are about to run tasks of other members of your organisation with the Claude Code program that you installed, and with an API key of the Claude API.\n\nWhat that means:\n- The program is yours and is started once for each task, in an empty folder, with an empty home, without tools, files or add-ons. It gets the key from the key store of your operating system, and sends it to the address shown here and to nobody else.\n- Your own login of the program is never used for anybody else. A Free, Pro or Max login serves nobody but you; nothing can switch that on.\n- Every task is billed to the account of the key. The caps shown here are the most that this program spends; the prices are the ones you entered, so check them against your bill, and set a spending limit in the Claude Console as well.\n- You can read every task that runs here, and so can Anthropic and whoever runs the gateway, if you use one. The person who asked reads the answer.\n- Anthropic's Commercial Terms let a customer serve its own authorised users. They do not let it resell access. So this serves members who attested to belong to the same customer, and no strangers.\n- You receive RUV. They are points that reward contribution. They have no price and cannot be sold or paid out.\n\nThis program is not affiliated with or approved by Anthropic. You stay responsible for the account, for what is run on it and for following the terms that apply to it.\n\nYou can stop at any moment. Then offers are withdrawn at once, running tasks end, what was locked for them goes back, and when you withdraw this consent the key is deleted from this computer.\n\nThis consent ends after 90 days, and it is asked for again when this text, a cap, the model, the address or the key changes. You can read, export and withdraw it in the settings.",
  },
  'serve-local-model': {
    documentId: 'serve-local-model',
    version: 1,
    termsReadOn: '2026-11-20',
    text: 'You are about to run tasks of other people with a model on this computer or in your own network.\n\nWhat that means:\n- You can read every task that runs here, and the person who asked reads the answer. Nobody else can.\n- A task is text written by somebody you may not know. It reaches your model as text only: no tools, no files, no web addresses are opened. The model still reads it, and its answer may be wrong, rude or worse.\n- Your computer works for others: it needs power, makes noise and is slower meanwhile. The caps and hours shown here are the most that it gives.\n- You receive RUV. They are points that reward contribution. They have no price and cannot be sold or paid out.\n- The licence of your model may forbid some uses. You are the one who has read it.\n\nEach task of a stranger waits for your approval until you turn that off. Silence refuses.\n\nYou can stop at any moment. Then offers are withdrawn at once, running tasks end, and what was locked for them goes back.\n\nThis consent ends after 90 days, and it is asked for again when this text, a cap, the model or the address changes. You can read, export and withdraw it in the settings.',
  },
} as const
